import type * as z from 'zod'
import type { Operation, Parameter } from '../../src/reference/reference.ts'
import {
  Accepted,
  Apns,
  DeliveryStatus,
  Gcm,
  GcmPublic,
  Message,
  MessageStatus,
  Messages,
  Reported,
  Settings,
  Sms,
  Wns,
} from './reference-answers.ts'
import { answered, GONE, HREF, operation, PAGE_INFO, PAGING } from './reference-parts.ts'
import {
  ApnsForm,
  Gcm as GcmBody,
  Message as MessageBody,
  Messages as MessagesBody,
  Receipt,
  Sms as SmsBody,
  Wns as WnsBody,
} from './reference-schemas.ts'

const MESSAGE_ID: Parameter = { is: 'The id of the message.', example: 'AbCd1234' }
const SENT = {
  message: { alert: 'There is news.' },
  target: { tagNames: ['Push.ALL'] },
  settings: { apns: { badge: 1, sound: 'default' }, gcm: { androidTitle: 'Hello', priority: 'HIGH' } },
}
const MESSAGE = {
  messageId: 'AbCd1234',
  alert: 'There is news.',
  createdTime: '2026-11-25T12:00:00Z',
  href: `${HREF}/messages/AbCd1234`,
}
const SENDING = 'sending, section 4'

const messages: readonly Operation[] = [
  operation({
    id: 'sendMessage',
    method: 'POST',
    rest: '/messages',
    scope: 'messages.write',
    summary: 'Send a message',
    description:
      'The call returns before the message is sent. Members without an effect are accepted and counted.',
    section: SENDING,
    body: { schema: MessageBody, example: SENT },
    answers: answered(202, 'The message is accepted.', Accepted, { message: SENT, messageId: 'AbCd1234' }),
    errors: ['disabled', 'limit'],
    gives: { message: 'messageId' },
  }),
  operation({
    id: 'sendMessages',
    method: 'POST',
    rest: '/messages/bulk',
    scope: 'messages.write',
    summary: 'Send several messages',
    description: 'Either all messages are accepted or none.',
    section: SENDING,
    body: { schema: MessagesBody, example: [SENT, { message: { alert: 'More news.' }, validate: 'true' }] },
    answers: answered(202, 'The messages are accepted.', Messages, { messages: [MESSAGE] }),
    errors: ['disabled', 'limit'],
  }),
  operation({
    id: 'getMessage',
    method: 'GET',
    rest: '/messages/{message}',
    scope: 'messages.read',
    summary: 'Show a message',
    section: SENDING,
    parameters: { message: MESSAGE_ID },
    answers: answered(200, 'The message.', Message, MESSAGE),
    after: ['sendMessage'],
  }),
  operation({
    id: 'getMessageStatus',
    method: 'GET',
    rest: '/messages/{message}/status',
    scope: 'messages.read',
    summary: 'Show the progress of a message',
    section: SENDING,
    parameters: { message: MESSAGE_ID },
    answers: answered(200, 'Its status.', MessageStatus, { messageId: 'AbCd1234', status: 'Dispatched' }),
    after: ['sendMessage'],
  }),
  operation({
    id: 'getMessageDeliveryStatus',
    method: 'GET',
    rest: '/messages/{message}/deliverystatus',
    scope: 'messages.read',
    summary: 'Show which devices a message reached',
    description:
      'Lists devices whose push service accepted the message or no longer knows them, in their current state. Devices that are still waiting or were not reached for another reason are left out.',
    section: SENDING,
    parameters: { message: MESSAGE_ID, ...PAGING },
    answers: answered(200, 'Devices.', DeliveryStatus, {
      deliveryStatus: [{ deviceId: 'example-device', userId: 'jane', platform: 'G', status: 'Seen' }],
      pageInfo: PAGE_INFO,
    }),
    errors: ['badOffset', 'badSize', 'badValue'],
    after: ['sendMessage'],
  }),
  operation({
    id: 'deleteMessage',
    method: 'DELETE',
    rest: '/messages/{message}',
    scope: 'messages.write',
    summary: 'Delete a message',
    section: SENDING,
    parameters: { message: MESSAGE_ID },
    answers: GONE,
    after: ['sendMessage'],
  }),
  operation({
    id: 'reportMessage',
    method: 'PUT',
    rest: '/messages/{message}',
    scope: 'messages.write',
    mobile: true,
    anyType: true,
    summary: 'Report that a message was shown or opened',
    description: 'An app on a device can report only for its own device.',
    section: SENDING,
    parameters: { message: MESSAGE_ID },
    body: { schema: Receipt, example: { deviceId: 'example-device', status: 'OPEN' } },
    answers: answered(200, 'It is counted, once.', Reported, {
      messageId: 'AbCd1234',
      deviceId: 'example-device',
      status: 'OPEN',
    }),
    after: ['registerDevice', 'sendMessage'],
  }),
]

const SETTINGS = 'mobilefirst, section 5.7'

interface Provider {
  readonly kind: string
  readonly service: string
  readonly body: z.ZodType
  readonly example: Readonly<Record<string, unknown>>
  readonly answer: z.ZodType
  readonly shown?: Readonly<Record<string, unknown>>
  readonly media?: string
  readonly missing?: string
}

const PROVIDERS: readonly Provider[] = [
  {
    kind: 'apnsConf',
    service: 'APNs',
    body: ApnsForm,
    media: 'multipart/form-data',
    example: { certificate: 'PUSH-CERTIFICATE', password: 'secret', isSandBox: 'false' },
    answer: Apns,
    shown: { certificate: 'certificate.p12', isSandBox: 'false', validUntil: '2027-06-30T10:20:30Z' },
    missing: 'certificateUnknown',
  },
  {
    kind: 'gcmConf',
    service: 'FCM',
    body: GcmBody,
    example: { apiKey: 'example-key', senderId: '123456789012' },
    answer: Gcm,
  },
  {
    kind: 'wnsConf',
    service: 'WNS',
    body: WnsBody,
    example: { clientSecret: 'example-secret', packageSID: 'ms-app://s-1-15-2-1' },
    answer: Wns,
  },
  {
    kind: 'smsConf',
    service: 'the SMS gateway',
    body: SmsBody,
    example: { host: 'sms.example', port: '443', parameters: [{ name: 'to', value: '1', encode: 'true' }] },
    answer: Sms,
  },
]

const capital = (kind: string) => kind.charAt(0).toUpperCase() + kind.slice(1)

/** The four calls about the settings of one push service. */
function ofProvider({ kind, service, body, media, example, answer, shown = example, missing }: Provider) {
  const rest = `/settings/${kind}`
  const errors = missing === undefined ? [] : [missing]
  const written = {
    rest,
    scope: `${kind}.write`,
    summary: `Set the settings for ${service}`,
    section: SETTINGS,
    body: { schema: body, example, ...(media !== undefined && { media }) },
    answers: answered(200, 'They are set.', answer, shown),
  }
  return [
    operation({
      id: `get${capital(kind)}`,
      method: 'GET',
      rest,
      scope: `${kind}.read`,
      summary: `Show the settings for ${service}`,
      section: SETTINGS,
      answers: answered(200, 'The settings.', answer, shown),
      errors,
      after: [`set${capital(kind)}`],
    }),
    operation({ ...written, id: `set${capital(kind)}`, method: 'PUT' }),
    operation({ ...written, id: `post${capital(kind)}`, method: 'POST' }),
    operation({
      id: `delete${capital(kind)}`,
      method: 'DELETE',
      rest,
      scope: `${kind}.write`,
      summary: `Delete the settings for ${service}`,
      section: SETTINGS,
      answers: GONE,
      errors,
      after: [`set${capital(kind)}`],
    }),
  ]
}

const settings: readonly Operation[] = [
  operation({
    id: 'getSettings',
    method: 'GET',
    rest: '/settings',
    scope: 'settings.read',
    summary: 'List the URLs of the settings',
    section: SETTINGS,
    answers: answered(200, 'Links.', Settings, {
      applicationId: 'com.example.app',
      apnsConf: `${HREF}/settings/apnsConf`,
      gcmConf: `${HREF}/settings/gcmConf`,
      wnsConf: `${HREF}/settings/wnsConf`,
      mode: 'PRODUCTION',
    }),
  }),
  operation({
    id: 'getGcmConfPublic',
    method: 'GET',
    rest: '/settings/gcmConfPublic',
    scope: 'gcmConfPublic.read',
    mobile: true,
    summary: 'Show the FCM sender id',
    section: SETTINGS,
    answers: answered(200, 'The sender id.', GcmPublic, { senderId: '123456789012' }),
    after: ['setGcmConf'],
  }),
  ...PROVIDERS.flatMap(ofProvider),
]

export const ofSending: readonly Operation[] = [...messages, ...settings]
