import { decodePacket, encodePacket } from '../../../../adapters/backendless/amf/packet.ts'
import { type AmfValue, amfObject, membersOf } from '../../../../adapters/backendless/amf/values.ts'

const SERVICE = 'com.backendless.services.messaging.DeviceRegistrationService'
export const DTO = 'com.backendless.management.DeviceRegistrationDto'

export interface CallOptions {
  readonly source?: string
  readonly headers?: Readonly<Record<string, AmfValue>>
  readonly members?: Readonly<Record<string, AmfValue>>
  readonly response?: string
}

/** A call as the Android SDK sends it (contract, section 9.1). */
export function binaryCall(operation: string, args: AmfValue[], options: CallOptions = {}) {
  const { source = SERVICE, headers = {}, members = {}, response = 'null' } = options
  const message = amfObject('flex.messaging.messages.RemotingMessage', {
    source,
    operation,
    body: args,
    destination: 'GenericDestination',
    headers: amfObject('', { 'application-type': 'ANDROID', 'api-version': '1.0', ...headers }),
    clientId: null,
    messageId: null,
    correlationId: null,
    messageRefType: null,
    timeToLive: 0,
    timestamp: 0,
    ...members,
  })
  return encodePacket({ version: 3, headers: [], bodies: [{ target: 'null', response, value: [message] }] })
}

export function dto(members: Readonly<Record<string, AmfValue>>): AmfValue {
  return amfObject(DTO, {
    id: '',
    osVersion: '34',
    os: 'ANDROID',
    channels: null,
    expiration: null,
    ...members,
  })
}

export interface BinaryAnswer {
  readonly target: string
  readonly className: string
  readonly members: ReadonlyMap<string, AmfValue>
  /** The body of an acknowledgement. */
  readonly value: AmfValue
  /** A fault's code, or null. */
  readonly fault: AmfValue
}

/** The one message of an answer. */
export function readAnswer(bytes: Uint8Array): BinaryAnswer {
  const packet = decodePacket(bytes)
  const [body] = packet.bodies
  const members = membersOf(body?.value)
  if (!body || !members || packet.version !== 3 || packet.bodies.length !== 1) throw new Error('no answer')
  return {
    target: body.target,
    className: (body.value as { className: string }).className,
    members,
    value: members.get('body'),
    fault: members.get('faultCode') ?? null,
  }
}
