import type { Context } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { readBytes } from '../../src/wire/body.ts'
import { oncePerRequest } from '../../src/wire/once.ts'
import type { AmfLimits } from './amf/limits.ts'
import { type AmfPacket, decodePacket, encodePacket } from './amf/packet.ts'
import { type AmfValue, amfObject, isAmfObject, itemsOf, membersOf } from './amf/values.ts'

/** A remote call of the binary SDKs (section 9.1). */
export interface BinaryCall {
  readonly source: unknown
  readonly operation: unknown
  readonly args: readonly AmfValue[]
  /** A header of the message, which takes the place of an HTTP header. */
  header(name: string): string | undefined
  /** The target of the answer. */
  readonly response: string
  readonly messageId: AmfValue
  readonly clientId: AmfValue
  readonly destination: AmfValue
}

const MESSAGES = 'flex.messaging.messages'

/** Reads a packet with a single call. Throws `bad_body` for anything else. */
export function readCall(bytes: Uint8Array, limits: AmfLimits): BinaryCall {
  const [body, ...more] = decoded(bytes, limits).bodies
  const message = body && (itemsOf(body.value) ?? [body.value])[0]
  if (!body || more.length > 0 || !isAmfObject(message, `${MESSAGES}.RemotingMessage`)) {
    throw new GatewayError('bad_body', 'The body is not an AMF packet with one call.')
  }
  const { members } = message
  const headers = membersOf(members.get('headers'))
  return {
    source: members.get('source'),
    operation: members.get('operation'),
    args: itemsOf(members.get('body')) ?? [],
    header(name) {
      const value = headers?.get(name)
      return typeof value === 'string' ? value : undefined
    },
    response: body.response,
    messageId: members.get('messageId') ?? null,
    clientId: members.get('clientId') ?? null,
    destination: members.get('destination') ?? null,
  }
}

/**
 * The call in the body of a request; the same size limit applies as without an upstream. Throws `bad_body`.
 */
export const sentCall = oncePerRequest(async (c) =>
  readCall(await readBytes(c), { maxDepth: c.get('limits').jsonDepth }),
)

function decoded(bytes: Uint8Array, limits: AmfLimits): AmfPacket {
  try {
    return decodePacket(bytes, limits)
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not an AMF packet that can be read.', { cause: error })
  }
}

/** Calls that were parsed and not yet answered; their refusals have the form of section 9.4. */
const pending = new WeakMap<globalThis.Request, BinaryCall>()
export const awaitAnswer = (c: Context<AppEnv>, call: BinaryCall) => void pending.set(c.req.raw, call)
export const pendingCall = (c: Context<AppEnv>): BinaryCall | undefined => pending.get(c.req.raw)

/** The packet for a successful answer (section 9.3). */
export const answerBody = (call: BinaryCall, value: AmfValue): Uint8Array<ArrayBuffer> =>
  packet(`${call.response}/onResult`, amfObject(`${MESSAGES}.AcknowledgeMessage`, answering(call, value)))

/** The packet for a refusal (section 9.4); two of its members may be empty, but never null. */
export const faultBody = (call: BinaryCall, code: number, message: string): Uint8Array<ArrayBuffer> =>
  packet(
    `${call.response}/onStatus`,
    amfObject(`${MESSAGES}.ErrorMessage`, {
      ...answering(call, null),
      faultCode: String(code),
      faultString: message,
      faultDetail: '',
      extendedData: amfObject(''),
      rootCause: null,
    }),
  )

const answering = ({ clientId, messageId, destination }: BinaryCall, body: AmfValue) => ({
  body,
  clientId: typeof clientId === 'string' ? clientId : crypto.randomUUID().toUpperCase(),
  correlationId: typeof messageId === 'string' ? messageId : null,
  destination: typeof destination === 'string' ? destination : null,
  headers: amfObject(''),
  messageId: crypto.randomUUID().toUpperCase(),
  timestamp: 0,
  timeToLive: 0,
})

/** Copies the packet into its own buffer, as a response requires. */
const packet = (target: string, value: AmfValue): Uint8Array<ArrayBuffer> =>
  new Uint8Array(encodePacket({ version: 3, headers: [], bodies: [{ target, response: '', value }] }))
