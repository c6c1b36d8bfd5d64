import type { PushProvider } from '../provider.ts'

/** Every push service: a folder here and a line. */
export const providers: readonly PushProvider[] = []
