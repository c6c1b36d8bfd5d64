import * as z from 'zod'
import { authorized, below, clientToken } from '../../access-token.ts'
import { endpoint, urlOf } from '../../endpoint.ts'
import { FLOOR, noAnswer, type Outcome } from '../../outcome.ts'
import { probed } from '../../probe.ts'
import { type CredentialRules, type Delivery, type Lane, type LaneDeps, provider } from '../../provider.ts'
import { outcomeOf } from './answers.ts'
import { fault, headersOf } from './message.ts'

const OAUTH = 'https://login.live.com'
const SCOPE = 'notify.windows.com'
const AT_ONCE = 100

const schema = (rules: CredentialRules) =>
  z.strictObject({
    kind: z.literal('wns'),
    packageSid: z.string().regex(/^ms-app:\/\/\S{1,300}$/i, 'must begin with ms-app://'),
    clientSecret: z.string().min(1).max(1000),
    endpoint: endpoint(rules),
  })

type Credential = z.output<ReturnType<typeof schema>>

/** Windows Push Notification Services (delivery.md 6). */
export const wns = provider<Credential>({
  kind: 'wns',
  schema,
  show: ({ clientSecret: _, ...shown }) => shown,
  fault,
  open,
})

function open({ packageSid, clientSecret, endpoint: base }: Credential, deps: LaneDeps): Lane {
  const form = { client_id: packageSid, client_secret: clientSecret, scope: SCOPE }
  const url = below(base ?? OAUTH, '/accesstoken.srf')
  const token = clientToken({ url, form, floor: FLOOR }, deps)
  const asking = authorized({ token, now: deps.now, refuses: ({ status }) => status === 401 })

  async function send(delivery: Delivery): Promise<Outcome> {
    const channel = channelOf(delivery.target.token, base)
    // The access token belongs to the app: it is never sent to a server that a phone names.
    if (!channel) return { class: 'mismatch', reason: 'foreign-channel' }
    const { push, target } = delivery
    try {
      const { answer, hidden } = await asking((access) =>
        deps.post(channel, {
          headers: { ...headersOf(delivery), authorization: `Bearer ${access}` },
          body: push.body,
        }),
      )
      return outcomeOf(answer, deps.now(), [...hidden, target.token, clientSecret])
    } catch (error) {
      return noAnswer(error)
    }
  }

  /** No channel can be made up, so the only possible probe is to request an access token with the secret. */
  const probe = () => token.current().then((): Outcome => ({ class: 'accepted' }), noAnswer)
  return { send, atOnce: AT_ONCE, part: () => '', probe: () => probed(probe), close: async () => {} }
}

/** The URI of a channel, if it is Microsoft's, or below the endpoint that the operator set. */
function channelOf(text: string, base: string | null): URL | undefined {
  const url = urlOf(text)
  if (!url || url.username || url.password) return undefined
  if (base !== null && url.origin === new URL(base).origin) return url
  const own = url.protocol === 'https:' && url.port === '' && /\.notify\.windows\.com$/.test(url.hostname)
  return own ? url : undefined
}
