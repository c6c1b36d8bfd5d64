import type { LocalText, Recipient } from '../../../src/domain/message.ts'
import { inLanguage } from '../../../src/domain/payload.ts'
import { isObject, type Json } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'

/** The members that are displayed: text, or text by language. */
export const TEXTS = [
  'content',
  'title',
  'subtitle',
  'ios_title',
  'ios_subtitle',
  'android_header',
  'chrome_title',
  'firefox_title',
  // Per-platform content, which only the newer API has.
  'ios_content',
  'android_content',
  'chrome_content',
  'firefox_content',
] as const
export type TextName = (typeof TEXTS)[number]

const LANGUAGE = /^(?:[a-z]{2,3}(?:-[a-z0-9]{2,8})*|default)$/i

/** A text, or texts by language. Numbers become text; null counts as absent. */
export function localText(value: unknown, name: string, ignored: string[]): LocalText | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (!isObject(value)) throw argument(`${name} must be a text or an object of texts by language`)
  const known: [string, string][] = []
  for (const [language, text] of Object.entries(value)) {
    if (text === null) continue
    if (typeof text !== 'string' && typeof text !== 'number')
      throw argument(`${name}.${language} must be a text`)
    if (LANGUAGE.test(language)) known.push([language, String(text)])
    else ignored.push(`${name}.${language}`)
  }
  return known.length > 0 ? Object.fromEntries(known) : undefined
}

const PLACEHOLDER = /\{([^{}|":\n]{1,255})(?:\|([A-Za-z]*))?(?:\|([^{}|]*))?\}/g

/** Formats of a value by their lower-case names; unknown formats leave the value unchanged. */
const FORMATS: Readonly<Record<string, (text: string) => string>> = {
  capitalizefirst: (text) => upperFirst(text),
  capitalizeallfirst: (text) => text.replace(/[^\s]+/gu, upperFirst),
  uppercase: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
}
const upperFirst = (text: string): string => {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

const valuesOf = (body: Json): Json =>
  isObject(body.dynamic_content_placeholders) ? body.dynamic_content_placeholders : {}

const everyText = (body: Json): readonly string[] =>
  TEXTS.flatMap((name) => {
    const text = body[name]
    if (typeof text === 'string') return [text]
    return isObject(text) ? Object.values(text).map(String) : []
  })

/** Whether texts depend on the language of the device. */
export const isLocal = (body: Json): boolean => TEXTS.some((name) => isObject(body[name]))

/** The names of the device's tags that the texts use. */
export function tagsInTexts(body: Json): readonly string[] {
  const values = valuesOf(body)
  const names = everyText(body).flatMap((text) =>
    [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name),
  )
  return [...new Set(names)].filter((name) => !Object.hasOwn(values, name))
}

/**
 * The first of the given members that is present, in the device's language and with its placeholders filled
 * in.
 */
export function shown(body: Json, to: Recipient, ...names: readonly TextName[]): string | undefined {
  const name = names.find((one) => body[one] !== undefined)
  if (name === undefined) return undefined
  // Safe cast: `localText` validated the texts of a body.
  const text = inLanguage(body[name] as LocalText, to.language)
  return text === undefined ? undefined : filled(text, valuesOf(body), to.tags)
}

function filled(text: string, values: Json, tags: Json): string {
  return text.replace(PLACEHOLDER, (_, name: string, format = '', otherwise = '') => {
    const given = [values, tags].find((some) => Object.hasOwn(some, name))?.[name]
    const value = given === undefined || given === null || given === '' ? otherwise : plain(given)
    const change = FORMATS[String(format).toLowerCase()]
    return change ? change(value) : value
  })
}

const plain = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(', ')
    : isObject(value)
      ? JSON.stringify(value)
      : String(value)
