import type { Adapter } from '../src/adapter.ts'
import { backendless } from './backendless/index.ts'
import { flameup } from './flameup/index.ts'
import { mobileFirst } from './mobilefirst/index.ts'
import { pusherBeams } from './pusher-beams/index.ts'
import { pushwoosh } from './pushwoosh/index.ts'

/** All dialects, in mount order. */
export const adapters: readonly Adapter[] = [pusherBeams, mobileFirst, flameup, pushwoosh, backendless]
