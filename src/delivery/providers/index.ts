import type { PushProvider } from '../provider.ts'
import { apns } from './apns/index.ts'
import { fcm } from './fcm/index.ts'
import { webpush } from './webpush/index.ts'

/** Every push service: a folder here and a line. */
export const providers: readonly PushProvider[] = [apns, fcm, webpush]
