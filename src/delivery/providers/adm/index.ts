import * as z from 'zod'
import { authorized, below, clientToken } from '../../access-token.ts'
import { endpoint } from '../../endpoint.ts'
import { noAnswer, type Outcome } from '../../outcome.ts'
import { probed } from '../../probe.ts'
import { type CredentialRules, type Delivery, type Lane, type LaneDeps, provider } from '../../provider.ts'
import { FLOOR_MILLISECONDS, outcomeOf } from './answers.ts'
import { bodyOf, fault } from './message.ts'

const SERVICE = 'https://api.amazon.com'
const SCOPE = 'messaging:push'
const AT_ONCE = 100

const schema = (rules: CredentialRules) =>
  z.strictObject({
    kind: z.literal('adm'),
    clientId: z.string().min(1).max(500),
    clientSecret: z.string().min(1).max(1000),
    endpoint: endpoint(rules),
  })

type Credential = z.output<ReturnType<typeof schema>>

/** Amazon Device Messaging (delivery.md 8). */
export const adm = provider<Credential>({
  kind: 'adm',
  schema,
  show: ({ clientSecret: _, ...shown }) => shown,
  fault,
  open,
})

function open({ clientId, clientSecret, endpoint: base }: Credential, deps: LaneDeps): Lane {
  const service = base ?? SERVICE
  const form = { scope: SCOPE, client_id: clientId, client_secret: clientSecret }
  const url = below(service, '/auth/O2/token')
  const token = clientToken({ url, form, floor: FLOOR_MILLISECONDS }, deps)
  const asking = authorized({ token, now: deps.now, refuses: ({ status }) => status === 401 })

  async function send(delivery: Delivery): Promise<Outcome> {
    const to = delivery.target.token
    const path = `/messaging/registrations/${encodeURIComponent(to)}/messages`
    const body = bodyOf(delivery)
    try {
      const { answer, hidden } = await asking((access) =>
        deps.post(below(service, path), {
          headers: {
            authorization: `Bearer ${access}`,
            'content-type': 'application/json',
            accept: 'application/json',
            'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
            'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
          },
          body,
        }),
      )
      return outcomeOf(answer, { now: deps.now(), token: to, hidden: [...hidden, to, clientSecret] })
    } catch (error) {
      return noAnswer(error, FLOOR_MILLISECONDS)
    }
  }

  const probe = () =>
    send({ push: { body: '{}', priority: 'normal' }, target: { token: 'probe' }, ttl: 60, id: 'probe' })
  return { send, atOnce: AT_ONCE, part: () => '', probe: () => probed(probe), close: async () => {} }
}
