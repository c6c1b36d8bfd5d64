/**
 * What gateways of one database tell each other: that apps, their credentials or settings have changed. It is told at most
 * once and may get lost, so that whoever caches them does so for a short time all the same.
 */
export interface News {
  /** Tells the others, behind the caller's back. */
  tell(): void
  /** Calls the listener whenever another one may have told something; this one's own news may come back to it. */
  hear(listener: () => void): void
}
