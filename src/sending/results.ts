import type { TargetOutcome } from '../domain/message.ts'

/** The character of each outcome in a page's result. */
const CHARACTERS: Readonly<Record<TargetOutcome, string>> = {
  waiting: 'w',
  accepted: 'a',
  dead: 'd',
  mismatch: 'm',
  payload: 'p',
  expired: 'e',
  skipped: 's',
  cancelled: 'c',
  unconfigured: 'u',
  unsupported: 'n',
  failed: 'f',
}
export const characterOf = (outcome: TargetOutcome): string => CHARACTERS[outcome]

/** Whole hours since 1970. */
export const hourOf = (at: Date): number => Math.floor(at.getTime() / 3_600_000)
