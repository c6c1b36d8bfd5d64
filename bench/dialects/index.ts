import { backendless } from './backendless.ts'
import type { BenchDialect } from './dialect.ts'
import { flameup } from './flameup.ts'
import { mobileFirst } from './mobilefirst.ts'
import { pusherBeams } from './pusher-beams.ts'
import { pushwoosh } from './pushwoosh.ts'

export const dialects: readonly BenchDialect[] = [pusherBeams, mobileFirst, flameup, pushwoosh, backendless]
