import type { PushProvider } from '../provider.ts'
import { adm } from './adm/index.ts'
import { apns } from './apns/index.ts'
import { fcm } from './fcm/index.ts'
import { hms } from './hms/index.ts'
import { webpush } from './webpush/index.ts'
import { wns } from './wns/index.ts'

/** Every push service; a new one needs a folder here and one line. */
export const providers: readonly PushProvider[] = [adm, apns, fcm, hms, webpush, wns]
