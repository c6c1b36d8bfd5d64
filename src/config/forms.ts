import * as z from 'zod'

const YES: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1'])
const NO: ReadonlySet<string> = new Set(['off', 'false', 'no', '0'])

/** A boolean in any of its usual spellings. */
export const flag = (otherwise: boolean) =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .refine((text) => YES.has(text) || NO.has(text), 'must be on or off')
    .transform((text) => YES.has(text))
    .default(otherwise)

/** A whole number. */
export const count = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
}
/** Like `count`, with a default. */
export const whole = (least: number, most: number, otherwise: number) => count(least, most).default(otherwise)

/** One of the given words. */
export const word = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` })
