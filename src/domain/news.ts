/**
 * Notifies the other gateways of one database that apps, their credentials or settings have changed. Delivered at most once
 * and not guaranteed, so caches must also expire after a short time.
 */
export interface News {
  /** Notifies the other gateways without delaying the caller. */
  tell(): void
  /** Calls the listener on each notification, possibly including this gateway's own. */
  hear(listener: () => void): void
}
