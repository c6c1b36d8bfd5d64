import * as z from 'zod'
import type { OtherForm } from '../../src/reference/reference.ts'
import { encodePacket } from './amf/packet.ts'
import { type AmfValue, amfObject } from './amf/values.ts'
import { type DeviceCall, DTO, SOURCE, TYPE } from './binary.ts'
import { Device } from './reference-schemas.ts'
import { MESSAGING_SOURCE, type MessageCall } from './sending/binary.ts'

/** A placeholder for a message id, of the same length, because AMF writes the length of a text. */
export const MESSAGE_ID = 'MESSAGE_ID'.padEnd(44, '_')
const PACKAGE = 'flex.messaging.messages'

/** A remote call of a binary SDK. */
interface RemoteCall {
  readonly arguments: string
  readonly is: string
  /** The `body` of the answer; an object has its class as `$class`. */
  readonly answer: z.ZodType
  readonly example: readonly AmfValue[]
  readonly after?: readonly string[]
}

const Dto = Device.extend({ $class: z.literal(DTO), expiration: z.iso.datetime().nullish() })
const Status = z.strictObject({
  $class: z.enum([
    'com.backendless.messaging.MessageStatus',
    'com.backendless.services.messaging.MessageStatus',
  ]),
  messageId: z.string(),
  status: z.enum(['SCHEDULED', 'PUBLISHED', 'FAILED', 'CANCELLED', 'UNKNOWN']),
  errorMessage: z.string().nullable(),
})

/** The type makes the compiler check both tables against the supported operations. */
const DEVICE_CALLS: Readonly<Record<DeviceCall, RemoteCall>> = {
  registerDevice: {
    arguments: '`DeviceRegistrationDto`',
    is: 'Registers a device. Returns JSON as text: the registration id and the push templates for its operating system.',
    answer: z.string().regex(/^\["[^"]+::[^"]+",\{.*\}\]$/),
    example: [
      amfObject(DTO, {
        id: '',
        deviceToken: 'example-fcm-token',
        deviceId: 'example-device',
        os: 'ANDROID',
        osVersion: '14',
        channels: null,
        expiration: null,
      }),
    ],
  },
  getDeviceRegistrationByDeviceId: {
    arguments: 'device id',
    is: 'Returns a device as a `DeviceRegistrationDto`.',
    answer: Dto,
    example: ['example-device'],
    after: ['registerDevice'],
  },
  unregisterDevice: {
    arguments: 'device id; optionally channels, or null for all',
    is: 'Deletes a device and returns true. With a second argument, it leaves these channels and returns the number of remaining ones.',
    answer: z.union([z.literal(true), z.int()]),
    example: ['example-device', ['default']],
    after: ['registerDevice'],
  },
  refreshDeviceToken: {
    arguments: 'device id, new token',
    is: 'Replaces the token; returns false if the device is unknown.',
    answer: z.boolean(),
    example: ['example-device', 'another-fcm-token'],
    after: ['registerDevice'],
  },
}
const MESSAGE_CALLS: Readonly<Record<MessageCall, RemoteCall>> = {
  publish: {
    arguments: 'channel, message, publish options, delivery options',
    is: 'Publishes a message to a channel. Returns a `MessageStatus`.',
    answer: Status,
    example: [
      'default',
      'There is news.',
      amfObject('com.backendless.messaging.PublishOptions', {
        headers: amfObject('', { 'android-content-title': 'Hello' }),
      }),
    ],
  },
  pushWithTemplate: {
    arguments: 'name of a push template; optionally values',
    is: 'Sends a push template of the app. Returns a `MessageStatus`.',
    answer: Status,
    example: ['greeting', amfObject('', { templateValues: amfObject('', { name: 'Jane' }) })],
  },
  getMessageStatus: {
    arguments: 'message id',
    is: 'Returns the status of a message as a `MessageStatus`.',
    answer: Status,
    example: [MESSAGE_ID],
    after: ['publish'],
  },
  cancel: {
    arguments: 'message id',
    is: 'Cancels a scheduled message. Returns a `MessageStatus`; true for .NET.',
    answer: z.union([Status, z.literal(true)]),
    example: [MESSAGE_ID],
    after: ['publish'],
  },
}

const SERVICES = [
  [SOURCE, DEVICE_CALLS],
  [MESSAGING_SOURCE, MESSAGE_CALLS],
] as const
/** Every call, by name. */
export const REMOTE_CALLS: Readonly<Record<string, RemoteCall>> = { ...DEVICE_CALLS, ...MESSAGE_CALLS }

/** All calls as a Markdown table. */
const table = SERVICES.flatMap(([source, calls]) => [
  `\`${source}\`:\n`,
  '| Operation | Arguments | What it does |',
  '| --- | --- | --- |',
  ...Object.entries(calls).map(([name, of]) => `| \`${name}\` | ${of.arguments} | ${of.is} |`),
  '',
]).join('\n')

export const REMOTING = [
  `An AMF packet of version 3 with one \`${PACKAGE}.RemotingMessage\`: \`source\`, \`operation\`, and the arguments as \`body\`. The answer is an \`AcknowledgeMessage\`, or an \`ErrorMessage\` with the code as \`faultCode\`; the HTTP status is 200 for both. Examples are in base64; the schemas describe the content of a packet, with the class of an object as \`$class\`. The retired v3 form (\`/{version}/binary\`) has the app’s id and the version before the arguments, and the keys among the headers of the message.`,
  table,
].join('\n\n')

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const sent = (source: string, operation: string, args: readonly AmfValue[]): string => {
  const message = amfObject(`${PACKAGE}.RemotingMessage`, {
    ...{ source, operation, body: [...args], destination: 'GenericDestination' },
    headers: amfObject('', { 'application-type': 'ANDROID', 'api-version': '1.0' }),
    ...{ clientId: null, messageId: null, correlationId: null, messageRefType: null },
    ...{ timeToLive: 0, timestamp: 0 },
  })
  const body = { target: 'null', response: 'null', value: [message] }
  return base64(encodePacket({ version: 3, headers: [], bodies: [body] }))
}
const forms = SERVICES.flatMap(([source, calls]) =>
  Object.entries(calls).map(([name, { example, after }]): [string, OtherForm] => [
    name,
    { example: sent(source, name, example), status: 200, ...(after && { after }) },
  ]),
)
const [[, first]] = forms as [[string, OtherForm]]

const binary = (schema: z.ZodType) => {
  const { $schema, ...contentSchema } = z.toJSONSchema(schema)
  return z.string().meta({ contentMediaType: TYPE, contentSchema })
}
const answering = {
  clientId: z.string(),
  correlationId: z.string().nullable(),
  destination: z.string().nullable(),
  headers: z.looseObject({}),
  messageId: z.string(),
  timestamp: z.number(),
  timeToLive: z.number(),
}
const Acknowledged = z.strictObject({
  $class: z.literal(`${PACKAGE}.AcknowledgeMessage`),
  body: z.union(Object.values(REMOTE_CALLS).map(({ answer }) => answer)),
  ...answering,
})
const Fault = z.strictObject({
  $class: z.literal(`${PACKAGE}.ErrorMessage`),
  faultCode: z.string(),
  faultString: z.string(),
  faultDetail: z.string(),
  extendedData: z.looseObject({}),
  rootCause: z.null(),
  body: z.null(),
  ...answering,
})
const Sent = z.looseObject({
  $class: z.literal(`${PACKAGE}.RemotingMessage`),
  source: z.enum(SERVICES.map(([source]) => source)),
  operation: z.enum(Object.keys(REMOTE_CALLS)),
  body: z.array(z.unknown()),
})

export const SENT_PACKET = {
  media: TYPE,
  schema: binary(Sent),
  example: first.example,
  others: Object.fromEntries(forms.slice(1)),
}
export const ANSWERED_PACKET = { media: TYPE, schema: binary(z.union([Acknowledged, Fault])) }
