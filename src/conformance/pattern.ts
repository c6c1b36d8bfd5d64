/** Stands for any value of one kind. */
export class Pattern {
  /** The kind in words: `a text`. */
  readonly is: string
  readonly fits: (value: unknown) => boolean
  constructor(is: string, fits: (value: unknown) => boolean) {
    this.is = is
    this.fits = fits
  }
}

export const TEXT = new Pattern('a text', (value) => typeof value === 'string' && value !== '')
export const NUMBER = new Pattern('a number', (value) => typeof value === 'number')
/** Any status or code from this one on. */
export const atLeast = (least: number): Pattern =>
  new Pattern(`${least} or more`, (value) => typeof value === 'number' && value >= least)
export const textLike = (form: RegExp): Pattern =>
  new Pattern(`a text like ${form}`, (value) => typeof value === 'string' && form.test(value))

/** An answer differs from the expected one; the message says where. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
}

/**
 * Throws `Mismatch` if a value differs from the pattern or lacks one of its members; further members are
 * allowed.
 */
export function mustHave(what: string, value: unknown, wanted: unknown): void {
  check(what, value, wanted, false)
}

/** Throws `Mismatch` if a value differs from the pattern in any member. */
export function mustBe(what: string, value: unknown, wanted: unknown): void {
  check(what, value, wanted, true)
}

function check(what: string, value: unknown, wanted: unknown, whole: boolean): void {
  if (wanted instanceof Pattern) {
    if (!wanted.fits(value)) throw new Mismatch(`${what} is ${shown(value)}, not ${wanted.is}`)
    return
  }
  if (typeof wanted !== 'object' || wanted === null) {
    if (value !== wanted) throw new Mismatch(`${what} is ${shown(value)}, not ${shown(wanted)}`)
    return
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(wanted))
    throw new Mismatch(`${what} is ${shown(value)}, not ${shown(wanted)}`)
  const members = value as Readonly<Record<string, unknown>>
  for (const [name, one] of Object.entries(wanted)) check(`${what}.${name}`, members[name], one, whole)
  const more = Object.keys(members).find((name) => !Object.hasOwn(wanted, name))
  if ((whole || Array.isArray(wanted)) && more !== undefined)
    throw new Mismatch(`${what}.${more} should not be there`)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => (one instanceof Pattern ? `(${one.is})` : one)) ?? 'absent'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
