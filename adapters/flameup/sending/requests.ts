import * as z from 'zod'
import type { MessageDraft } from '../../../src/domain/message.ts'
import { asText, ignoredData } from '../../../src/domain/payload.ts'
import { repairedDocument } from '../../../src/domain/text.ts'
import { isObject, type Json, mapOf } from '../../../src/wire/json.ts'
import { Person } from '../requests.ts'

export const PLATFORMS = ['ios', 'android', 'web'] as const

const string = z.string({
  error: ({ input }) => (input === undefined || input === null ? 'is required' : 'must be a string'),
})
const text = string.min(1, 'is required')
const title = text.refine((value) => [...value].length <= 255, 'must have at most 255 characters')
const optional = z.string({ error: 'must be a string or null' }).nullish()
const whole = z.int({ error: 'must be a whole number' })
/** PHP writes an empty object as a list. */
const object = z
  .unknown()
  .optional()
  .refine((value) => value === undefined || value === null || mapOf(value), 'must be an object')
  .transform((value) => mapOf(value) ?? {})
const platform = <const Names extends readonly string[]>(names: Names) =>
  z.enum([...names, 'all'], { error: `must be ${names.join(', ')} or all` }).nullish()
const person = string.pipe(Person.shape.person_id)

/** The body of `push/send` (contracts/sending.md 7). */
export const PushSend = z.object({
  person_id: person,
  title,
  body: text,
  platform: platform(['ios', 'android']),
  image_url: optional,
  action_url: optional,
  priority: z.enum(['low', 'normal', 'high'], { error: 'must be low, normal or high' }).nullish(),
  ttl: whole.min(0, 'must not be negative').nullish(),
  custom_data: object,
  ios_badge: whole.nullish(),
  ios_sound: optional,
  ios_category: optional,
  android_channel_id: optional,
  android_icon: optional,
  android_color: optional,
})

/** The body of `transactional/send`, with the members of the vendor's older page. */
export const Transactional = z
  .object({
    user_id: person,
    template_id: z.unknown().optional(),
    template: z.unknown().optional(),
    data: object,
    variables: object,
    platform: platform(PLATFORMS),
    channel: z.literal('push', { error: 'must be push' }).nullish(),
  })
  .transform(({ template_id, template, ...rest }, context) => {
    if (template_id !== undefined && template_id !== null) return { ...rest, template: null }
    if (!isObject(template)) {
      const message = template === undefined || template === null ? 'is required' : 'must be an object'
      context.addIssue({ code: 'custom', path: ['template'], message })
      return z.NEVER
    }
    const inline = z.object({ title, body: text, data: object }).safeParse(template)
    if (inline.success) return { ...rest, template: inline.data }
    for (const issue of inline.error.issues) {
      context.addIssue({ code: 'custom', path: ['template', ...issue.path], message: issue.message })
    }
    return z.NEVER
  })

/** The common form of both calls. */
interface Send {
  readonly person: string
  readonly platform: (typeof PLATFORMS)[number] | 'all' | null | undefined
  /** As members of `push/send`. */
  readonly message: Json
}

export const pushSend = ({ person_id, platform, ...message }: z.infer<typeof PushSend>): Send => ({
  person: person_id,
  platform,
  message,
})

/**
 * The message of an inline template with its values filled in; a placeholder without a value stays unchanged.
 */
export function inlineSend(
  template: { readonly title: string; readonly body: string; readonly data: Json },
  { user_id, platform, data, variables }: Omit<z.infer<typeof Transactional>, 'template'>,
): Send {
  const values = { ...template.data, ...variables, ...data }
  const filled = (into: string) =>
    into.replace(/\{\{\s*([^{}]+?)\s*\}\}|\{\s*([^{}]+?)\s*\}/g, (all, double, single) => {
      const name = String(double ?? single)
      const value = Object.hasOwn(values, name) ? (values as Json)[name] : undefined
      return value === undefined || value === null ? all : asText(value)
    })
  const message = { title: filled(template.title), body: filled(template.body), custom_data: values }
  return { person: user_id, platform, message }
}

export const platformsOf = ({ platform }: Send) =>
  PLATFORMS.filter((one) => !platform || platform === 'all' || platform === one)

/** The message to store; `sent` is the request's body. */
export function sendDraft(
  externalId: string,
  send: Send,
  sent: Json,
  known: readonly string[],
): MessageDraft {
  const { ttl, priority, custom_data } = send.message
  const unknown = Object.keys(sent).filter((name) => !known.includes(name))
  return {
    externalId,
    body: repairedDocument(send.message),
    audience: { to: { users: [send.person] }, platforms: platformsOf(send) },
    ...(typeof ttl === 'number' && { ttl }),
    priority: priority === 'low' || priority === 'normal' ? 'normal' : 'high',
    ignored: [...unknown, ...ignoredData(mapOf(custom_data) ?? {}, 'custom_data')],
  }
}
