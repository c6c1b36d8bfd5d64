import { TARGET_OUTCOMES, type TargetOutcome } from '../domain/message.ts'

/** The character of each outcome in a page's result, in the order of `TARGET_OUTCOMES`. */
const CHARACTERS = 'wadmpescunf'
export const characterOf = (outcome: TargetOutcome): string =>
  CHARACTERS.charAt(TARGET_OUTCOMES.indexOf(outcome))

/** Whole hours since 1970. */
export const hourOf = (at: Date): number => Math.floor(at.getTime() / 3_600_000)
