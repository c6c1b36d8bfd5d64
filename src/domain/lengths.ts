/**
 * The longest texts that a caller may name something by, in UTF-16 code units, where the dialect's contract sets no limit
 * of its own: what is longer is refused before anything is looked up.
 */
export const LENGTHS = {
  /** Ids of devices and messages, and names of what an app has. */
  id: 1000,
  user: 1000,
  token: 8192,
  /** A browser's subscription, wrapped. */
  webToken: 16_384,
  topic: 1000,
  /** A name, a model, a version: longer ones are cut, since they must never cost a registration. */
  description: 1000,
  /** JSON text of a document that is kept whole. */
  document: 65_536,
} as const
