import { v5 } from 'uuid'

/** The namespace of pushes, for name-based UUIDs (RFC 9562, section 5.5). */
const SPACE = '6f1d0a52-5f0e-5f43-9d0b-3b7f0f5c2a11'

/** The id of a message to one push token: the same on every attempt, in lower case as APNs requires. */
export const stableId = (send: string, pushToken: string): string => v5(`${send}\n${pushToken}`, SPACE)
