import * as z from 'zod'
import { type Outcome, reasonOf } from '../../outcome.ts'
import {
  type Delivery,
  type Lane,
  type LaneDeps,
  type Push,
  provider,
  type VapidIdentity,
} from '../../provider.ts'
import { Unanswered } from '../../transport/transport.ts'
import { outcomeOf } from './answers.ts'
import { createOrigins } from './origins.ts'
import { addressOf, fault, headersOf } from './request.ts'
import { isSubject, subjectOf } from './vapid.ts'

/** The body of `PUT …/providers/webpush`; each subscription has its own endpoint. */
const schema = () =>
  z.strictObject({
    kind: z.literal('webpush'),
    endpoint: z.null().default(null),
    subject: z
      .string()
      .refine(isSubject, 'must be a mailto: or https: address with a public host, without spaces or brackets')
      .optional(),
  })
type Credential = z.output<ReturnType<typeof schema>>

const AT_ONCE = 200

/** Web Push (delivery.md 5): every subscription has its own URL, and its service is that URL's origin. */
export const webpush = provider<Credential>({
  kind: 'webpush',
  schema,
  show: (credential) => credential,
  fault,
  open,
})

function open({ subject }: Credential, deps: LaneDeps): Lane {
  let identity: Promise<VapidIdentity> | undefined
  async function contact() {
    identity ??= deps.vapid()
    const pair = await identity.catch((error: unknown) => {
      identity = undefined
      throw error
    })
    return { pair, ...subjectOf([subject, pair.subject], deps.publicUrl) }
  }
  const origins = createOrigins(contact, deps.now)

  async function send(delivery: Delivery): Promise<Outcome> {
    const url = addressOf(delivery.target)
    const wrong = url && urlFault(url, deps.allowPrivate)
    if (!url || wrong) return { class: 'payload', reason: wrong ?? 'no-endpoint' }
    const { keys } = delivery.target
    if (!keys) return { class: 'payload', reason: 'no-keys' }
    const body = await deps.encrypt(textOf(delivery.push), keys).catch(() => undefined)
    if (!body) return { class: 'payload', reason: 'bad-keys' }
    const authorization = await origins.authorization(url.origin)
    try {
      const answer = await deps.post(url, { headers: { ...headersOf(delivery, url), authorization }, body })
      const hidden = [delivery.target.token, url.href, url.pathname + url.search, keys.auth, authorization]
      return origins.judged(url.origin, outcomeOf(answer, deps.now(), hidden))
    } catch (error) {
      return missing(error)
    }
  }

  return {
    send,
    atOnce: AT_ONCE,
    part: (target) => addressOf(target)?.origin ?? '',
    // Nothing to probe: no service knows the key pair before a subscription exists.
    async probe() {
      const { warning } = await contact()
      return { state: 'ok', reason: warning }
    },
    async close() {},
  }
}

const texts = new WeakMap<Push, Uint8Array>()
/** The text of a push, encoded once. */
function textOf(push: Push): Uint8Array {
  const text = texts.get(push) ?? new TextEncoder().encode(push.body)
  texts.set(push, text)
  return text
}

/** The address comes from a client, so it must be that of a public push service. */
function urlFault({ protocol, username, password }: URL, allowPrivate: boolean): string | undefined {
  if (protocol !== 'https:' && !(protocol === 'http:' && allowPrivate)) return 'endpoint-not-https'
  return username || password ? 'endpoint-with-password' : undefined
}

function missing(error: unknown): Outcome {
  if (!(error instanceof Unanswered)) throw error
  if (error.kind === 'private') return { class: 'payload', reason: 'private-address' }
  return { class: 'temporary', reason: reasonOf(error.message), floor: 5000 }
}
