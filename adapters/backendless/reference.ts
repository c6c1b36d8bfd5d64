import type * as z from 'zod'
import type { Answer, Operation, Parameter, Reference } from '../../src/reference/reference.ts'
import { BASE, MESSAGES } from './address.ts'
import { faults, REGISTRATION_FAULTS } from './reference-faults.ts'
import { ANSWERED_PACKET, MESSAGE_ID, REMOTING, SENT_PACKET } from './reference-remoting.ts'
import {
  ApiError,
  Deleted,
  Device,
  Find,
  Info,
  Message,
  Pushed,
  Registered,
  Registration,
  Result,
  Retrieved,
  Rows,
  Status,
  Templates,
  TemplateValues,
} from './reference-schemas.ts'
import { Template } from './sending/templates.ts'

const FOR_BODY = ['bad_media_type', 'bad_body', 'too_large']

const APP = '/{applicationId}/{apiKey}'
const KEYS: Readonly<Record<string, Parameter>> = {
  applicationId: {
    is: 'The application id: a UUID, case-sensitive.',
    example: '0193A1B2-0000-4000-8000-00000000000A',
  },
  apiKey: { is: 'Any API key of the application.', example: '0193A1B2-0000-4000-8000-00000000000B' },
}
const DEVICE: Parameter = {
  is: 'The device id; a GET also accepts the registration id.',
  example: 'example-device',
}
const OS: Parameter = { is: 'An operating system.', example: 'ios', oneOf: ['ios', 'android', 'osx'] }
const TEMPLATE: Parameter = { is: 'The name of a push template.', example: 'greeting' }

type Told = Omit<Operation, 'credentials' | 'path' | 'section'> &
  Partial<Operation> & { readonly rest: string }

function operation({ rest, mounted, parameters, errors = [], ...of }: Told): Operation {
  return {
    section: 'backendless, section 4',
    ...of,
    credentials: [],
    path: APP + rest,
    mounted: mounted ?? [BASE + rest.replace(/\{(\w+)\}/g, ':$1')],
    parameters: { ...KEYS, ...parameters },
    errors: ['wrongApp', ...(of.body ? FOR_BODY : []), ...errors],
  }
}

const REGISTRATIONS = '/messaging/registrations'
const EXAMPLE = {
  id: '0193A1B2-0000-7000-8000-000000000001',
  deviceToken: 'example-fcm-token',
  deviceId: 'example-device',
  os: 'ANDROID',
  osVersion: '14',
  channels: ['default'],
}
const STATUS = {
  errorMessage: null,
  messageId: 'message:0193A1B2-0000-4000-8000-000000000002',
  status: 'scheduled',
}
const ok = (is: string, schema: z.ZodType, example: unknown): readonly Answer[] => [
  { status: 200, is, schema, example },
]

const registrations: readonly Operation[] = [
  operation({
    id: 'registerDevice',
    method: 'POST',
    rest: REGISTRATIONS,
    summary: 'Register a device',
    body: {
      schema: Registration,
      example: {
        deviceToken: 'example-fcm-token',
        deviceId: 'example-device',
        os: 'ANDROID',
        osVersion: '14',
      },
    },
    answers: ok('Its registration id.', Registered, {
      registrationId: '0193A1B2-0000-7000-8000-000000000001::default',
    }),
    errors: REGISTRATION_FAULTS,
  }),
  operation({
    id: 'getDevice',
    method: 'GET',
    rest: `${REGISTRATIONS}/{device}`,
    summary: 'Show a device',
    parameters: { device: DEVICE },
    answers: ok('The device.', Retrieved, EXAMPLE),
    errors: ['retrieveUnknown'],
    after: ['registerDevice'],
  }),
  operation({
    id: 'deleteDevice',
    method: 'DELETE',
    rest: `${REGISTRATIONS}/{device}`,
    mounted: ['registrations', 'registration'].map((name) => `${BASE}/messaging/${name}/:device`),
    also: [`${APP}/messaging/registration/{device}`],
    summary: 'Delete a device',
    parameters: { device: DEVICE },
    answers: ok('It is deleted.', Result, { result: true }),
    errors: ['cancelUnknown'],
    after: ['registerDevice'],
  }),
  operation({
    id: 'getInfo',
    method: 'GET',
    rest: '/info',
    summary: 'Get the SDK start-up settings',
    description: 'With an upstream, its members take precedence.',
    answers: ok('The app.', Info, {
      appId: '0193A1B2-0000-4000-8000-00000000000A',
      rtURL: '',
      loggers: [{ name: 'Global logger', level: 'off' }],
    }),
  }),
  operation({
    id: 'findRows',
    method: 'POST',
    rest: '/data/DeviceRegistration/find',
    section: 'backendless, section 10',
    summary: 'Find the rows of a device, one per channel',
    body: { schema: Find, example: { where: "deviceId = 'example-device'" } },
    answers: ok('The rows; none where the device is unknown.', Rows, [
      {
        ___class: 'DeviceRegistration',
        objectId: EXAMPLE.id,
        deviceId: 'example-device',
        deviceToken: 'example-fcm-token',
        operatingSystemName: 'ANDROID',
        operatingSystemVersion: '14',
        channelName: 'default',
        expiration: null,
      },
    ]),
    errors: ['invalid'],
    after: ['registerDevice'],
    gives: { row: '0.objectId' },
  }),
  operation({
    id: 'deleteRow',
    method: 'DELETE',
    rest: '/data/DeviceRegistration/{row}',
    section: 'backendless, section 10',
    summary: 'Delete a row and leave its channel',
    parameters: { row: { is: 'The `objectId` of the row.', example: EXAMPLE.id } },
    answers: ok('When it was deleted, in milliseconds.', Deleted, { deletionTime: 1_764_072_000_000 }),
    errors: ['rowUnknown'],
    after: ['findRows'],
  }),
]

const NAMED = '/messaging/{name}'
const mounted = [`${MESSAGES}/:name`]
const SENDING = 'sending, section 6'
const sending: readonly Operation[] = [
  operation({
    id: 'publish',
    method: 'POST',
    rest: NAMED,
    mounted,
    section: SENDING,
    summary: 'Publish a message to a channel',
    parameters: { name: { is: 'The channel.', example: 'default' } },
    body: {
      schema: Message,
      example: {
        message: 'There is news.',
        headers: { 'android-content-title': 'Hello', 'ios-alert-title': 'Hello' },
      },
    },
    answers: ok('The message is accepted.', Status, STATUS),
    errors: ['messageMissing', 'option', 'scheduleOver'],
    gives: { name: 'messageId', [MESSAGE_ID]: 'messageId' },
  }),
  operation({
    id: 'getMessage',
    method: 'GET',
    rest: NAMED,
    mounted,
    section: SENDING,
    summary: 'Show the status of a message',
    description: 'An unknown message has the status `unknown`.',
    parameters: { name: { is: 'The id of the message.', example: STATUS.messageId } },
    answers: ok('The status.', Status, STATUS),
    after: ['publish'],
  }),
  operation({
    id: 'cancelMessage',
    method: 'DELETE',
    rest: NAMED,
    mounted,
    section: SENDING,
    summary: 'Cancel a scheduled message',
    parameters: { name: { is: 'The id of the message.', example: STATUS.messageId } },
    answers: ok('It is cancelled.', Status, { ...STATUS, status: 'cancelled' }),
    errors: ['messageUnknown'],
    after: ['publish'],
  }),
  operation({
    id: 'push',
    method: 'POST',
    rest: '/messaging/push',
    section: SENDING,
    summary: 'Send a template given in the call',
    body: { schema: Template, example: { message: 'There is news.', channelName: 'default' } },
    answers: ok('The message is accepted.', Pushed, {
      ...STATUS,
      status: 'SCHEDULED',
      sendingTimeInMillis: 0,
      successfulSendsAmount: 0,
      failedSendsAmount: 0,
    }),
    errors: ['messageMissing', 'option'],
  }),
  operation({
    id: 'pushWithTemplate',
    method: 'POST',
    rest: '/messaging/push/{template}',
    section: SENDING,
    summary: 'Send a push template of the app',
    parameters: { template: TEMPLATE },
    body: { schema: TemplateValues, example: { templateValues: { name: 'Jane' } } },
    answers: ok('The message is accepted.', Status, STATUS),
    errors: ['templateUnknown', 'option'],
  }),
  operation({
    id: 'listTemplatesOfIos',
    method: 'GET',
    rest: '/messaging/pushtemplates',
    section: SENDING,
    summary: 'Show the push templates for iOS',
    answers: ok('Templates by name.', Templates, { greeting: { name: 'greeting' } }),
  }),
  operation({
    id: 'listTemplates',
    method: 'GET',
    rest: '/messaging/pushtemplates/{os}',
    section: SENDING,
    summary: 'Show the push templates for an operating system',
    parameters: { os: OS },
    answers: ok('Templates by name.', Templates, { greeting: { name: 'greeting' } }),
  }),
]

const remoting = operation({
  id: 'callRemotely',
  method: 'POST',
  rest: '/binary',
  section: 'backendless, section 9, and sending, section 6.5',
  summary: 'Register a device, in AMF',
  description: REMOTING,
  body: SENT_PACKET,
  answers: [{ status: 200, is: 'The result of the call, or a fault.', ...ANSWERED_PACKET }],
})

export const backendlessReference: Reference = {
  dialect: 'backendless',
  title: 'Backendless',
  description:
    'The messaging API of Backendless. The key in the path is the credential. On a host bound to the app, `/api` replaces both the app id and the key in the path; the retired v3 API has them in headers. Vendor rules that a schema cannot express are in the recipe: docs/recipes/backendless.md.',
  credentials: {},
  schemas: {
    Registered,
    Device,
    Retrieved,
    Result,
    Info,
    Rows,
    Deleted,
    Status,
    Pushed,
    Templates,
    ApiError,
  },
  faults,
  always: ['bad_path', 'header_too_large', 'rate_limited', 'internal', 'unavailable'],
  operations: [...registrations, ...sending, remoting],
  left: [
    ...[BASE, MESSAGES].map((base) => ({
      method: 'ALL',
      path: `${base}/*`,
      why: 'any other call is forwarded to the app’s upstream or, without one, answered with 404',
    })),
  ],
}
