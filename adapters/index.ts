import type { Adapter } from '../src/adapter.ts'
import { mobileFirst } from './mobilefirst/index.ts'
import { pusherBeams } from './pusher-beams/index.ts'

/** The dialects that are spoken, in mount order. */
export const adapters: readonly Adapter[] = [pusherBeams, mobileFirst]
