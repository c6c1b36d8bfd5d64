import { authorized } from '../../access-token.ts'
import { noAnswer, type Outcome } from '../../outcome.ts'
import { probed } from '../../probe.ts'
import { type Lane, type LaneDeps, provider } from '../../provider.ts'
import type { Answer } from '../../transport/transport.ts'
import { accessToken } from './access.ts'
import { FLOOR_MILLISECONDS, outcomeOf, refusesToken } from './answers.ts'
import { type Credential, schema, show } from './credential.ts'
import { bodyOf, fault } from './message.ts'

const SERVICE = 'https://fcm.googleapis.com'
/** Google closes connections with more open streams than this (delivery.md 3.3). */
const STREAMS = 100
const SESSIONS = 4
const PER_SECOND = 9000

/** Firebase Cloud Messaging, HTTP v1 (delivery.md 3). */
export const fcm = provider<Credential>({ kind: 'fcm', schema, show, fault, open })

function open(credential: Credential, deps: LaneDeps): Lane {
  const base = new URL(credential.endpoint ?? SERVICE)
  const connection = deps.transport.connect(base, { streams: STREAMS, sessions: SESSIONS })
  const path = `/v1/projects/${credential.serviceAccount.project_id}/messages:send`
  const token = accessToken(credential, deps)
  /** The headers, shared by all requests with one access token. */
  let used = ''
  let headers = { authorization: '', 'content-type': 'application/json' }

  function ask(access: string, body: string): Promise<Answer> {
    if (access !== used) {
      used = access
      headers = { ...headers, authorization: `Bearer ${access}` }
    }
    return connection.send({ path, headers, body })
  }

  const asking = authorized({ token, now: deps.now, refuses: refusesToken })

  async function send(body: string, hidden: readonly string[]): Promise<Outcome> {
    try {
      const { answer, hidden: tokens } = await asking((access) => ask(access, body))
      return outcomeOf(answer, deps.now(), [...hidden, ...tokens])
    } catch (error) {
      return noAnswer(error, FLOOR_MILLISECONDS)
    }
  }

  return {
    send: (delivery) => send(bodyOf(delivery, deps.now()), [delivery.target.token]),
    atOnce: STREAMS * SESSIONS,
    perSecond: PER_SECOND,
    part: ({ platform }) => platform ?? 'android',
    probe: () =>
      probed(() => send('{"validate_only":true,"message":{"token":"probe","data":{"probe":"1"}}}', [])),
    close: () => connection.close(),
  }
}
