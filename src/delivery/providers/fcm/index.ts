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
/** If a new access token is refused too, no further one is requested for each following request. */
const REFUSED_MILLISECONDS = 60_000

/** Firebase Cloud Messaging, HTTP v1 (delivery.md 3). */
export const fcm = provider<Credential>({ kind: 'fcm', schema, show, fault, open })

function open(credential: Credential, deps: LaneDeps): Lane {
  const base = new URL(credential.endpoint ?? SERVICE)
  const connection = deps.transport.connect(base, { streams: STREAMS, sessions: SESSIONS })
  const path = `/v1/projects/${credential.serviceAccount.project_id}/messages:send`
  const token = accessToken(credential, deps)
  let refusedAt = Number.NEGATIVE_INFINITY
  /** The headers, shared by all requests with one access token. */
  let authorized = ''
  let headers = { authorization: '', 'content-type': 'application/json' }

  function ask(access: string, body: string): Promise<Answer> {
    if (access !== authorized) {
      authorized = access
      headers = { ...headers, authorization: `Bearer ${access}` }
    }
    return connection.send({ path, headers, body })
  }

  async function send(body: string, phone: string): Promise<Outcome> {
    try {
      const access = token.ready() ?? (await token.current())
      const answer = await ask(access, body)
      if (answer.status !== 401) return outcomeOf(answer, deps.now(), [phone, access])
      return await refused(answer, { access, body, phone })
    } catch (error) {
      return noAnswer(error, FLOOR_MILLISECONDS)
    }
  }

  /** Retries with a new access token if the answer may refuse the current one. */
  async function refused(
    answer: Answer,
    { access, body, phone }: { readonly access: string; readonly body: string; readonly phone: string },
  ): Promise<Outcome> {
    const now = deps.now().getTime()
    if (!refusesToken(answer) || now - refusedAt < REFUSED_MILLISECONDS)
      return outcomeOf(answer, deps.now(), [phone, access])
    const renewed = await token.renewed(access)
    const second = await ask(renewed, body)
    if (refusesToken(second)) refusedAt = now
    return outcomeOf(second, deps.now(), [phone, access, renewed])
  }

  return {
    send: (delivery) => send(bodyOf(delivery, deps.now()), delivery.target.token),
    atOnce: STREAMS * SESSIONS,
    perSecond: PER_SECOND,
    part: ({ platform }) => platform ?? 'android',
    probe: () =>
      probed(() => send('{"validate_only":true,"message":{"token":"probe","data":{"probe":"1"}}}', '')),
    close: () => connection.close(),
  }
}
