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

/** A share between 0 and 1, or one of the words, with its meaning. */
export const share = <const Meanings extends Readonly<Record<string, unknown>>>(meanings: Meanings) => {
  const words = Object.keys(meanings)
  return z
    .string()
    .refine(
      (text) => Object.hasOwn(meanings, text) || /^(?:0|1|0?\.[0-9]{1,9})$/.test(text),
      `must be ${words.join(', ')}, or a share from 0 to 1 such as 0.01`,
    )
    .transform((text): Meanings[keyof Meanings] | number =>
      Object.hasOwn(meanings, text) ? (meanings[text] as Meanings[keyof Meanings]) : Number(text),
    )
}

/** One of the given words. */
export const word = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` })
