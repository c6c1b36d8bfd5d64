import { randomHex } from '../../../domain/encoding.ts'
import { comparedForm, isHexToken } from '../../../domain/push-token.ts'
import type { Outcome } from '../../outcome.ts'
import { probed } from '../../probe.ts'
import { type Delivery, type Lane, type LaneDeps, provider } from '../../provider.ts'
import type { Reply } from './answers.ts'
import { createAsk } from './ask.ts'
import { type Credential, schema, show } from './credential.ts'
import { fault, formOf } from './message.ts'
import { type Asked, createPlaces } from './places.ts'

const AT_ONCE = 800

/** Apple Push Notification service (delivery.md 4). */
export const apns = provider<Credential>({ kind: 'apns', schema, show, fault, open })

function open(credential: Credential, deps: LaneDeps): Lane {
  const places = createPlaces(credential, deps.now)
  const { ask, close, together } = createAsk(credential, deps)

  /** Asks one environment after another until one gives a definite answer. */
  async function asked(delivery: Delivery, enough: (reply: Reply) => boolean): Promise<readonly Asked[]> {
    const all: Asked[] = []
    for (const place of places.order(delivery.target.environment)) {
      const reply = await ask(place, delivery)
      all.push({ place, reply })
      if (enough(reply)) break
    }
    return all
  }

  function send({ push, target, ttl, id }: Delivery): Promise<Outcome> {
    const refused = refusal(credential, { push, target }, deps.now())
    if (refused) return Promise.resolve(refused)
    const token = comparedForm({ provider: 'apns', token: target.token })
    const { environment } = target
    const delivery = { push, target: { ...target, token }, ttl, id }
    const own = ({ elsewhere }: Reply) => !elsewhere
    return asked(delivery, own).then((all) => places.settle(environment, all))
  }

  async function probe(): Promise<Outcome> {
    const refused = refusal(credential, PROBE, deps.now())
    if (refused) return refused
    const delivery = { ...PROBE, id: crypto.randomUUID(), target: { token: randomHex(32) } }
    const all = await asked(delivery, ({ elsewhere }) => elsewhere !== 'credential')
    return places.settle(undefined, all)
  }

  return { send, together, atOnce: AT_ONCE, part: () => '', probe: () => probed(probe), close }
}

const PROBE: Delivery = {
  push: { body: '{"aps":{"content-available":1}}', priority: 'normal' },
  target: { token: '00' },
  ttl: 0,
  id: '',
}

/** Outcomes that are known without sending. */
function refusal(
  credential: Credential,
  { push, target }: Pick<Delivery, 'push' | 'target'>,
  now: Date,
): Outcome | undefined {
  if (!isHexToken(target.token)) return { class: 'mismatch', reason: 'not-hexadecimal' }
  if (!('certificate' in credential)) return undefined
  if (new Date(credential.certificate.notAfter) <= now)
    return { class: 'credential', reason: 'the certificate has expired', scope: 'lane' }
  return formOf(push).keyOnly ? { class: 'payload', reason: 'needs-a-key' } : undefined
}
