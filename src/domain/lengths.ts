/**
 * Length limits of identifiers, in UTF-16 code units, for dialects whose contract sets none. Longer texts are refused
 * before any look-up.
 */
export const LENGTHS = {
  /** Ids of devices and messages, and names within an app. */
  id: 1000,
  user: 1000,
  token: 8192,
  /** A wrapped browser subscription. */
  webToken: 16_384,
  topic: 1000,
  /** A name, a model, a version. Longer ones are cut rather than refused, so that the registration succeeds. */
  description: 1000,
  /** The JSON text of a document that is stored unchanged. */
  document: 65_536,
} as const
