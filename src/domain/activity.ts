/** Events counted by the hour. */
export const ACTIVITIES = ['registered', 'refreshed', 'refused', 'accepted', 'failed'] as const
export type Activity = (typeof ACTIVITIES)[number]

/** How often something happened in an hour. */
export interface ActivityCount {
  /** Empty if a refused call named no app. */
  readonly appId: string
  /** Whole hours since 1970. */
  readonly hour: number
  readonly kind: Activity
  /** Empty for messages to devices of all dialects. */
  readonly dialect: string
  /** The platform of a registration, the code of a refusal, the push service of an attempt. */
  readonly facet: string
  readonly count: number
}
