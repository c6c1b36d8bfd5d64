import * as z from 'zod'
import type { Operation, Parameter, Reference, Refusal } from '../../src/reference/reference.ts'
import { AUDIENCE, AUDIENCE_BASE, ENVELOPE, GRPC, MESSAGING_BASE, SERVER } from './errors.ts'
import { APPLICATION, id, type MethodRow, OF_TOKEN, TOKEN, tags, text } from './reference-members.ts'
import { METHOD_ROWS } from './reference-methods.ts'
import { DEVICE_BASE, JSON_BASES, METHODS } from './routes.ts'
import { serverMethods } from './sending/methods.ts'

const Nothing = z.null()
const envelope = (response: z.ZodType) =>
  z.strictObject({ status_code: z.literal(200), status_message: z.literal('OK'), response })
const Done = envelope(Nothing)
const ApiError = z.strictObject({
  status_code: z.int().min(201),
  status_message: z.string().min(1),
  response: z.null(),
})
const AudienceError = z.strictObject({ message: z.string().min(1) })
const MessagingError = z.strictObject({
  code: z.int(),
  message: z.string(),
  details: z.array(z.unknown()).max(0),
})
const Accepted = z.strictObject({ request_id: z.string(), status: z.literal('Pending') })
const Progress = z.strictObject({
  request_id: z.string(),
  status: z.enum(['Pending', 'Completed']),
  progress: z.int().min(0).max(100),
  devices_success: z.int(),
  devices: z.array(z.strictObject({ hwid: z.string(), status: z.string() })).optional(),
})
const Notified = z.strictObject({ result: z.strictObject({ message_code: z.string() }) })

const words = (name: string): string => `${name.replaceAll('_', ' ')}.`
const table = <Row>(
  rows: Readonly<Record<string, Row>>,
  prefix: string,
  made: (row: Row, name: string) => Refusal,
) => Object.entries(rows).map(([name, row]) => [prefix + name, made(row, name)] as const)
const inEnvelope = (
  [status, code, message]: readonly [number, number, string | null],
  name: string,
): Refusal => ({
  status,
  schema: ApiError,
  example: { status_code: code, status_message: message ?? words(name), response: null },
})
const faults: Readonly<Record<string, Refusal>> = Object.fromEntries([
  ...table(ENVELOPE, '', inEnvelope),
  ...table(SERVER, 'server_', inEnvelope),
  ...table<readonly [number, string | null]>(AUDIENCE, 'audience_', ([status, message], name) => ({
    status,
    schema: AudienceError,
    example: { message: message ?? words(name) },
  })),
  ...table<readonly [number, string | null]>(AUDIENCE, 'messaging_', ([given], name) => {
    const status = name === 'app_unknown' ? 404 : given
    return {
      status,
      schema: MessagingError,
      example: { code: GRPC[status] ?? 3, message: words(name), details: [] },
    }
  }),
])
const ANY = [
  'bad_path',
  'bad_body',
  'too_large',
  'header_too_large',
  'rate_limited',
  'unavailable',
  'internal',
]
const named = (prefix: string, ...names: readonly string[]): readonly string[] =>
  [...ANY, ...names].map((name) => prefix + name)

const UNAVAILABLE: Readonly<Record<string, string>> = {
  getPopupFormContent: 'there are no popup forms: always an error',
  getPushHistory: 'not offered: always an error',
}
const [CURRENT, OLD] = JSON_BASES

function method([name, row]: readonly [string, MethodRow]): Operation {
  const { summary, members, example, answer, response, after, gives } = row
  const server = Object.hasOwn(serverMethods, name)
  const bases = name === 'setMADID' ? [...JSON_BASES, DEVICE_BASE] : JSON_BASES
  return {
    id: name,
    method: 'POST',
    path: `${CURRENT}/${name}`,
    mounted: bases.map((base) => `${base}/${name}`),
    also: bases.slice(1).map((base) => `${base}/${name}`),
    summary,
    section: server ? 'sending, section 5' : 'pushwoosh, sections 4 and 5',
    credentials: [],
    body: { schema: z.looseObject({ request: z.looseObject(members) }), example: { request: example } },
    answers: [
      {
        status: 200,
        is: 'Success if `status_code` is 200. Any other value is an error, even if the HTTP status is 200.',
        schema: answer === undefined ? Done : envelope(answer),
        ...((response !== undefined || answer === undefined) && {
          example: { status_code: 200, status_message: 'OK', response: response ?? null },
        }),
      },
    ],
    errors: server
      ? named('server_', 'app_unknown', 'invalid', 'unauthorized', 'forbidden')
      : named('', 'app_unknown', 'invalid', 'unauthorized', 'limit', 'device_limit'),
    ...(after && { after }),
    ...(gives && { gives }),
  }
}

const JOB: Parameter = { is: 'The `request_id`.', example: '0193a1b2-0000-7000-8000-000000000001' }
const CODE = { result: { message_code: 'ABCD-0123456789' } }
const others: readonly Operation[] = [
  {
    id: 'bulkRegisterDevice',
    method: 'POST',
    path: `${AUDIENCE_BASE}/bulkRegisterDevice`,
    summary: 'Register up to 10,000 devices in a background job',
    section: 'pushwoosh, section 10',
    credentials: [],
    body: {
      schema: z.looseObject({
        ...APPLICATION,
        ...OF_TOKEN,
        devices: z
          .array(
            z.looseObject({
              hwid: z.string(),
              platform: id,
              push_token: text,
              tags: tags.nullish(),
              list_operator: text.describe('set, append or remove.'),
            }),
          )
          .max(10_000)
          .describe('An invalid row fails without affecting the others.'),
      }),
      example: {
        application: 'ABCDE-12345',
        ...TOKEN,
        devices: [{ hwid: 'example-hwid', platform: 3, push_token: 'example-fcm-token' }],
      },
    },
    answers: [
      {
        status: 200,
        is: 'The job.',
        schema: Accepted,
        example: { request_id: JOB.example, status: 'Pending' },
      },
    ],
    errors: named('audience_', 'unauthorized', 'app_unknown', 'invalid'),
    gives: { job: 'request_id' },
  },
  {
    id: 'getBulkJob',
    method: 'GET',
    path: `${AUDIENCE_BASE}/bulkRegisterDevice/{job}`,
    summary: 'Show the progress of a job',
    section: 'pushwoosh, section 10',
    credentials: [],
    parameters: {
      job: JOB,
      detailed: { in: 'query', is: '`true`: includes the result of every row.', example: 'true' },
    },
    answers: [
      {
        status: 200,
        is: 'The job.',
        schema: Progress,
        example: { request_id: JOB.example, status: 'Completed', progress: 100, devices_success: 1 },
      },
    ],
    errors: named('audience_', 'not_found'),
    after: ['bulkRegisterDevice'],
  },
  {
    id: 'notify',
    method: 'POST',
    path: `${MESSAGING_BASE}/notify`,
    summary: 'Send a message',
    section: 'sending, section 5.5',
    credentials: ['accountToken'],
    body: {
      schema: z.looseObject({
        segment: z.looseObject({ ...APPLICATION, payload: z.looseObject({}) }).optional(),
        transactional: z.looseObject({ ...APPLICATION, payload: z.looseObject({}) }).optional(),
      }),
      example: {
        transactional: {
          application: 'ABCDE-12345',
          platforms: ['ANDROID'],
          hwids: { list: ['example-hwid'] },
          payload: { content: { localized_content: { default: { android: { body: 'There is news.' } } } } },
        },
      },
    },
    answers: [{ status: 200, is: 'The message is accepted.', schema: Notified, example: CODE }],
    errors: named('messaging_', 'unauthorized', 'forbidden', 'app_unknown', 'not_found', 'invalid'),
    gives: { 'MESSAGE-CODE': 'result.message_code' },
  },
  {
    id: 'cancel',
    method: 'POST',
    path: `${MESSAGING_BASE}/cancel`,
    summary: 'Cancel a message',
    section: 'sending, section 5.5',
    credentials: ['accountToken'],
    body: {
      schema: z.looseObject({ message_code: z.string().min(1) }),
      example: { message_code: 'MESSAGE-CODE' },
    },
    answers: [{ status: 200, is: 'Done.', schema: z.looseObject({}), example: {} }],
    errors: named('messaging_', 'unauthorized', 'forbidden', 'not_found', 'invalid'),
    after: ['notify'],
  },
]

const every = [...Object.keys(METHODS), ...Object.keys(serverMethods)]
const WRONG_VERB = 'any other verb is answered with 405'
const left = [
  ...every.flatMap((name) =>
    JSON_BASES.map((base) => ({ method: 'ALL', path: `${base}/${name}`, why: WRONG_VERB })),
  ),
  ...[`${DEVICE_BASE}/setMADID`, `${MESSAGING_BASE}/notify`, `${MESSAGING_BASE}/cancel`].map((path) => ({
    method: 'ALL',
    path,
    why: WRONG_VERB,
  })),
  { method: 'ALL', path: `${AUDIENCE_BASE}/bulkRegisterDevice`, why: WRONG_VERB },
  ...Object.entries(UNAVAILABLE).flatMap(([name, why]) =>
    [CURRENT, OLD].map((base) => ({ method: 'POST', path: `${base}/${name}`, why })),
  ),
]

export const pushwooshReference: Reference = {
  dialect: 'pushwoosh',
  title: 'Pushwoosh',
  description:
    'The Device API of Pushwoosh, its calls of back ends, and the bulk registration. Vendor rules that a schema cannot express are in the recipe: docs/recipes/pushwoosh.md.',
  credentials: {
    accountToken: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: '`Token` and the API token of the account.',
    },
  },
  schemas: { Done, Accepted, Progress, Notified, ApiError, AudienceError, MessagingError },
  faults,
  always: [],
  operations: [...Object.entries(METHOD_ROWS).map(method), ...others],
  left,
}
