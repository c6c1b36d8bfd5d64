import * as z from 'zod'
import { authorized, below, clientToken } from '../../access-token.ts'
import { endpoint } from '../../endpoint.ts'
import { FLOOR, noAnswer, type Outcome } from '../../outcome.ts'
import { probed } from '../../probe.ts'
import { type CredentialRules, type Delivery, type Lane, type LaneDeps, provider } from '../../provider.ts'
import { outcomesOf, refusesToken } from './answers.ts'
import { bodyOf, fault } from './message.ts'

const SERVICE = 'https://push-api.cloud.huawei.com'
const OAUTH = 'https://oauth-login.cloud.huawei.com'
/** The service accepts a thousand tokens, but returns only one code for all of them. */
const MOST_TOKENS = 100
const AT_ONCE = 20

const PROBE = '{"validate_only":true,"message":{"data":"{}","token":["probe"]}}'
/** Refused twice because of other tokens in the list, so the message was not sent. */
const UNSENT: Outcome = { class: 'mismatch', reason: '80300007' }

const schema = (rules: CredentialRules) =>
  z.strictObject({
    kind: z.literal('hms'),
    appId: z.string().regex(/^\d{1,30}$/, 'must be the id of the app: digits'),
    clientSecret: z.string().min(1).max(1000),
    endpoint: endpoint(rules),
  })

type Credential = z.output<ReturnType<typeof schema>>

/** Huawei Push Kit, v1 (delivery.md 7). */
export const hms = provider<Credential>({
  kind: 'hms',
  schema,
  show: ({ clientSecret: _, ...shown }) => shown,
  fault,
  open,
})

function open({ appId, clientSecret, endpoint: base }: Credential, deps: LaneDeps): Lane {
  const form = { client_id: appId, client_secret: clientSecret }
  const url = below(base ?? OAUTH, '/oauth2/v3/token')
  const token = clientToken({ url, form, floor: FLOOR }, deps)
  const asking = authorized({ token, now: deps.now, refuses: refusesToken })
  const address = below(base ?? SERVICE, `/v1/${appId}/messages:send`)

  /** Undefined is the outcome of tokens that were not sent because of others in their list. */
  async function ask(tokens: readonly string[], body: string): Promise<readonly (Outcome | undefined)[]> {
    try {
      const { answer, hidden } = await asking((access) =>
        deps.post(address, {
          headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json; charset=UTF-8' },
          body,
        }),
      )
      return outcomesOf(answer, tokens, { now: deps.now(), hidden: [...hidden, ...tokens, clientSecret] })
    } catch (error) {
      const outcome = noAnswer(error)
      return tokens.map(() => outcome)
    }
  }

  /** Tokens that were not sent because of others are sent once more without those. */
  async function list(deliveries: readonly Delivery[]): Promise<readonly Outcome[]> {
    const [first] = deliveries
    if (!first) return []
    const tokens = deliveries.map(({ target }) => target.token)
    const outcomes = await ask(tokens, bodyOf(first, tokens))
    const rest = tokens.filter((_, at) => outcomes[at] === undefined)
    const again = rest.length > 0 ? [...(await ask(rest, bodyOf(first, rest)))] : []
    return outcomes.map((one) => one ?? again.shift() ?? UNSENT)
  }

  async function send(delivery: Delivery): Promise<Outcome> {
    const [outcome = UNSENT] = await list([delivery])
    return outcome
  }

  async function probe(): Promise<Outcome> {
    const [outcome = UNSENT] = await ask(['probe'], PROBE)
    return outcome
  }

  return {
    send,
    list: { most: MOST_TOKENS, send: list },
    atOnce: AT_ONCE,
    part: () => '',
    probe: () => probed(probe),
    close: async () => {},
  }
}
