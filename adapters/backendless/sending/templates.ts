import * as z from 'zod'
import type { Json } from '../../../src/domain/message.ts'
import { nearestNumber } from '../../../src/wire/json.ts'
import { headersOf, textOf } from './compose.ts'
import type { Content, Form, Os } from './message.ts'

const OptionsOf = z.record(z.string(), z.unknown()).nullish()

/** A push template in the format of the vendor's console (section 6.4); other members are kept. */
export const Template = z.looseObject({
  message: z.string().describe('The text; words in braces stand for values.'),
  platforms: z
    .array(z.enum(['IOS', 'ANDROID', 'OSX']))
    .nullish()
    .describe('None: all.'),
  channelName: z.string().nullish().describe('Whose devices get it.'),
  segmentQuery: z.string().nullish().describe('Without effect here.'),
  options: z
    .looseObject({
      ios: OptionsOf.describe('On iOS.'),
      android: OptionsOf.describe('On Android.'),
      osx: OptionsOf.describe('On macOS.'),
    })
    .nullish()
    .describe('As the console has them.'),
})
export type Template = z.infer<typeof Template>
export type Templates = Readonly<Record<string, Template>>

/** The templates of a platform, in the form in which its SDK stores them. */
export function templatesOf(templates: Templates | undefined, os: string): Record<string, Json> {
  const system = os.toLowerCase()
  if (!isOs(system)) return {}
  const meant = Object.entries(templates ?? {}).filter(([, { platforms }]) => {
    const names: readonly string[] = platforms ?? []
    return names.length === 0 || names.includes(system.toUpperCase())
  })
  return Object.fromEntries(meant.map(([name, { options }]) => [name, { ...options?.[system], name }]))
}

const isOs = (os: string): os is Os => os === 'ios' || os === 'android' || os === 'osx'

/** The message of a template. Words in braces are replaced by values, and by nothing if there is no value. */
export function fillTemplate({ message, options }: Template, values: Json, name?: string): Content {
  const fill = (text: string) =>
    text.replace(/\{([\p{L}\p{N}_ .-]+)\}/gu, (_, key: string) => textOf(own(values, key.trim()) ?? ''))
  const filled = (form: Form): Form => ({
    ...form,
    headers: Object.fromEntries(Object.entries(form.headers).map(([key, text]) => [key, fill(text)])),
  })
  const { ios, android, osx } = options ?? {}
  const per = {
    android: filled(formOfAndroid(android ?? {})),
    ios: filled(formOfApple(ios ?? {})),
    osx: filled(formOfApple(osx ?? {})),
  }
  return { message: fill(message), headers: {}, per, template: name }
}

const own = (values: Json, key: string): unknown => (Object.hasOwn(values, key) ? values[key] : undefined)
const custom = ({ customHeaders }: Json): Json =>
  typeof customHeaders === 'object' ? { ...customHeaders } : {}

const formOfAndroid = (of: Json): Form => {
  const ttl = nearestNumber(of.ttlSeconds)
  return {
    headers: headersOf({
      'android-content-title': of.contentTitle,
      'android-summary-subtext': of.summarySubText,
      ...custom(of),
    }),
    ttl: ttl !== undefined && Number.isInteger(ttl) && ttl >= 0 ? ttl : undefined,
    priority: /^normal$/i.test(String(of.deliveryPriority)) ? 'normal' : undefined,
  }
}

const formOfApple = (of: Json): Form => ({
  headers: headersOf({
    'ios-alert-title': of.alertTitle,
    'ios-alert-subtitle': of.alertSubtitle,
    'ios-badge': of.badge,
    'ios-sound': of.sound,
    'ios-content-available': isOn(of.contentAvailable) ? '1' : undefined,
    'attachment-url': of.attachmentUrl,
    ...custom(of),
  }),
  aps: {
    'thread-id': of.threadId ?? undefined,
    'mutable-content': isOn(of.mutableContent) ? 1 : undefined,
  },
})

const isOn = (value: unknown): boolean => value === true || value === 1 || value === '1'
