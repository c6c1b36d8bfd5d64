import { gathering } from '../gathering.ts'
import { isRecord, membersOf } from '../json.ts'
import { reasonOf } from '../outcome.ts'
import { type Answer, type Call, type NoAnswer, type Post, type Transport, Unanswered } from './transport.ts'

/** The path, below its address, at which an instance on Node accepts requests for others. */
export const RELAY_PATH = '/relay/v1/apns'
/** Most requests per call; even with the largest payloads, they stay below the relay's body limit. */
export const RELAY_MOST = 100
/** A relay answers earlier than this, with the answers received by then. */
const MILLISECONDS = 15_000

interface RelayOptions {
  readonly address: string
  readonly key: string
  readonly post: Post
  /** For services that this runtime can reach directly. */
  readonly otherwise: Transport
}

/**
 * Forwards requests for services that require HTTP/2 to an instance of Pushport on Node, many in one call.
 */
export function relayTransport({ address, key, post, otherwise }: RelayOptions): Transport {
  const url = new URL(address + RELAY_PATH)
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }

  async function handOver(service: string, calls: readonly Call[]): Promise<readonly Read[]> {
    const requests = calls.map(({ path, headers: given, body }) => ({ path, headers: given, body }))
    const body = JSON.stringify({ service, requests })
    const answer = await post(url, { headers, body, milliseconds: MILLISECONDS }).catch((error: unknown) => {
      throw lostOnTheWay(error)
    })
    return answersOf(answer, calls.length)
  }

  return {
    connect(base, options = {}) {
      // The private key of a certificate is never forwarded.
      if (!options.http2Only || options.certificate) return otherwise.connect(base, options)
      const service = base.href.replace(/\/+$/, '')
      const send = gathering<Call, Read>({
        most: RELAY_MOST,
        send: (calls) => handOver(service, calls),
      })
      return {
        together: RELAY_MOST,
        async send(call) {
          const answer = await send(call)
          if (answer instanceof Unanswered) throw answer
          return answer
        },
        // The relay sees the answers too, and replaces its connections itself.
        replace() {},
        async close() {},
      }
    },
  }
}

type Read = Answer | Unanswered

/** A failure between here and the relay shows nothing about the service or a phone. */
function lostOnTheWay(error: unknown): unknown {
  if (!(error instanceof Unanswered)) return error
  const kind = error.kind === 'private' ? 'private' : 'relay'
  return new Unanswered(kind, `relay: ${error.message}`, { cause: error })
}

/** The services' answers in the relay's answer. Any other answer is never attributed to a service. */
function answersOf({ status, text }: Answer, count: number): readonly Read[] {
  const { answers, detail } = membersOf(text)
  if (status !== 200) {
    const told = status < 500 && typeof detail === 'string' ? detail : `HTTP ${status}`
    const passes = status >= 500 || status === 429
    throw new Unanswered(passes ? 'relay' : 'local', `relay: ${reasonOf(told)}`.slice(0, 200))
  }
  if (!Array.isArray(answers) || answers.length !== count) throw new Unanswered('relay', 'relay: no answers')
  return answers.map(answerOf)
}

const FAULTS: readonly NoAnswer[] = ['timeout', 'lost', 'unreachable', 'private', 'local']

function answerOf(given: unknown): Read {
  const { status, headers, text, fault, reason } = isRecord(given) ? given : {}
  if (typeof status === 'number' && status >= 200 && status < 600 && typeof text === 'string') {
    const named = Object.entries(isRecord(headers) ? headers : {})
    return {
      status,
      headers: Object.fromEntries(named.map(([name, one]) => [name, String(one)])),
      text,
      whole: true,
    }
  }
  const kind = FAULTS.find((one) => one === fault)
  return kind ? new Unanswered(kind, reasonOf(String(reason))) : new Unanswered('relay', 'relay: no answer')
}
