import * as z from 'zod'
import type { Operation, Parameter, Reference, Refusal } from '../../src/reference/reference.ts'
import { ROWS } from './errors.ts'
import { BASE } from './request.ts'
import { List, Registration, WorkspaceList } from './requests.ts'
import { PLATFORMS, PushSend, Transactional } from './sending/requests.ts'

const text = z.string().nullable()
const Device = z.strictObject({
  id: z.string(),
  workspace_id: z.string(),
  person_id: z.string(),
  device_token: z.string(),
  platform: z.enum(PLATFORMS),
  device_name: text,
  device_model: text,
  os_version: text,
  app_version: text,
  is_active: z.boolean(),
  is_valid: z.boolean(),
  last_used_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
const DevicePage = z.strictObject({
  devices: z.array(Device),
  total: z.int(),
  limit: z.int(),
  offset: z.int(),
})
const DeviceList = z.strictObject({ devices: z.array(Device) })
const Sent = z.strictObject({
  success: z.literal(true),
  message_id: z.string(),
  delivered_to: z.array(z.enum(PLATFORMS)),
  devices_count: z.int(),
})
const ApiError = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({
    type: z.string(),
    code: z.string(),
    message: z.string(),
    details: z.strictObject({ fields: z.record(z.string(), z.string()) }).optional(),
  }),
  request_id: z.string(),
})
const TooMany = z.strictObject({ error: z.literal('Too Many Requests'), message: z.string() })

const WORDS: Readonly<Record<string, string>> = {
  bad_path: 'The path has a broken escape.',
  bad_body: 'The body is not a JSON object.',
  too_large: 'The body is too large.',
  invalid: 'platform: must be ios, android or web',
  forbidden: 'This API key lacks the permission devices:write.',
}

function refusal([status, code, fixed]: (typeof ROWS)[keyof typeof ROWS], name: string): Refusal {
  const message = fixed ?? WORDS[name] ?? ''
  if (status === 429) return { status, schema: TooMany, example: { error: 'Too Many Requests', message } }
  const fields = { platform: 'must be ios, android or web' }
  const error = {
    type: code.toUpperCase(),
    code,
    message,
    ...(name === 'invalid' && { details: { fields } }),
  }
  return { status, schema: ApiError, example: { success: false, error, request_id: 'req_0123456789' } }
}

const PERSON: Parameter = { is: 'The person: any text of 1 to 255 characters.', example: 'jane' }
const TOKEN: Parameter = { is: 'The token of the device.', example: 'example-fcm-token' }
const WORKSPACE: Parameter = { is: 'The workspace of the key.', example: 'ws_0123456789abcdef' }
const DEVICES = `${BASE}/people/{person}/devices`
const IN_WORKSPACE = `${BASE}/workspaces/{workspace}`

const DEVICE = {
  id: '0193a1b2-0000-7000-8000-000000000001',
  workspace_id: 'ws_0123456789abcdef',
  person_id: 'jane',
  device_token: 'example-fcm-token',
  platform: 'android',
  device_name: 'Pixel 8',
  device_model: null,
  os_version: null,
  app_version: '1.0.0',
  is_active: true,
  is_valid: true,
  last_used_at: null,
  created_at: '2026-11-25T12:00:00Z',
  updated_at: '2026-11-25T12:00:00Z',
}
const SENT = {
  success: true,
  message_id: 'msg_0123456789abcdef0123456789abcdef',
  delivered_to: ['android'],
  devices_count: 1,
}
const FOR_BODY = ['bad_media_type', 'bad_body', 'too_large', 'invalid']

/** Both paths of a call about a person, as they are mounted. */
const mounted = (rest = ''): readonly string[] => [
  `${BASE}/people/:person/devices${rest}`,
  `${BASE}/workspaces/:workspace/people/:person/devices${rest}`,
]

const operations: readonly Operation[] = [
  {
    id: 'registerDevice',
    method: 'POST',
    path: DEVICES,
    mounted: mounted(),
    also: [`${IN_WORKSPACE}/people/{person}/devices`],
    summary: 'Register a device of a person',
    description: 'Omitted members keep their value and null clears it; unknown members are ignored.',
    section: 'flameup, section 4',
    credentials: ['apiKey'],
    parameters: { person: PERSON },
    body: {
      schema: Registration,
      example: {
        token: 'example-fcm-token',
        platform: 'android',
        device_name: 'Pixel 8',
        app_version: '1.0.0',
      },
    },
    answers: [
      { status: 201, is: 'The device, newly registered.', schema: Device, example: DEVICE },
      { status: 200, is: 'The device, already registered.', schema: Device, example: DEVICE },
    ],
    errors: [...FOR_BODY, 'conflict', 'device_limit'],
  },
  {
    id: 'listDevices',
    method: 'GET',
    path: DEVICES,
    mounted: mounted(),
    also: [`${IN_WORKSPACE}/people/{person}/devices`],
    summary: 'List the devices of a person',
    description: 'A limit above 100 is treated as 100.',
    section: 'flameup, section 6',
    credentials: ['apiKey'],
    parameters: { person: PERSON },
    query: List,
    answers: [
      {
        status: 200,
        is: 'A page of devices.',
        schema: DevicePage,
        example: { devices: [DEVICE], total: 1, limit: 50, offset: 0 },
      },
    ],
    errors: ['invalid'],
    after: ['registerDevice'],
  },
  {
    id: 'deleteDevice',
    method: 'DELETE',
    path: `${DEVICES}/{token}`,
    mounted: mounted('/:token'),
    also: [`${IN_WORKSPACE}/people/{person}/devices/{token}`],
    summary: 'Delete a device of a person',
    section: 'flameup, section 7',
    credentials: ['apiKey'],
    parameters: { person: PERSON, token: TOKEN },
    answers: [{ status: 204, is: 'The device is deleted.' }],
    errors: ['device_unknown', 'invalid'],
    after: ['registerDevice'],
  },
  {
    id: 'listWorkspaceDevices',
    method: 'GET',
    path: `${IN_WORKSPACE}/devices`,
    mounted: [`${BASE}/workspaces/:workspace/devices`],
    summary: 'List the devices of a workspace',
    section: 'flameup, sections 1 and 6',
    credentials: ['apiKey'],
    parameters: { workspace: WORKSPACE },
    query: WorkspaceList,
    answers: [
      {
        status: 200,
        is: 'The devices, without a total count.',
        schema: DeviceList,
        example: { devices: [DEVICE] },
      },
    ],
    errors: ['invalid'],
    after: ['registerDevice'],
  },
  {
    id: 'sendPush',
    method: 'POST',
    path: `${BASE}/push/send`,
    summary: 'Send to a person',
    description:
      'Needs a key with the permission `campaigns:trigger`. The call returns before the message is sent.',
    section: 'sending, section 7',
    credentials: ['apiKey'],
    body: {
      schema: PushSend,
      example: { person_id: 'jane', title: 'Hello', body: 'Your order is on its way.', platform: 'all' },
    },
    answers: [{ status: 200, is: 'The message is accepted.', schema: Sent, example: SENT }],
    errors: [...FOR_BODY, 'device_unknown', 'limit'],
    after: ['registerDevice'],
  },
  {
    id: 'sendTransactional',
    method: 'POST',
    path: `${IN_WORKSPACE}/transactional/send`,
    mounted: [`${BASE}/workspaces/:workspace/transactional/send`],
    summary: 'Send a message from a template with variables',
    description:
      'Takes `template` with `title`, `body` and `data`. A `template_id` is not supported, because such templates exist only in the vendor’s console.',
    section: 'sending, section 7',
    credentials: ['apiKey'],
    parameters: { workspace: WORKSPACE },
    body: {
      schema: Transactional,
      example: {
        user_id: 'jane',
        template: { title: 'Hello {{name}}', body: 'Your order is on its way.' },
        data: { name: 'Jane' },
      },
    },
    answers: [{ status: 200, is: 'The message is accepted.', schema: Sent, example: SENT }],
    errors: [...FOR_BODY, 'device_unknown', 'not_found', 'limit'],
    after: ['registerDevice'],
  },
]

const left = [
  ...[...mounted(), ...mounted('/:token')],
  `${BASE}/workspaces/:workspace/devices`,
  `${BASE}/push/send`,
  `${BASE}/workspaces/:workspace/transactional/send`,
].map((path) => ({ method: 'ALL', path, why: 'any other method is answered with 405' }))

export const flameupReference: Reference = {
  dialect: 'flameup',
  title: 'Flameup',
  description:
    'The Devices API of Flameup and its push calls. Vendor rules that a schema cannot express are in the recipe: docs/recipes/flameup.md.',
  credentials: {
    apiKey: {
      type: 'http',
      scheme: 'bearer',
      description: 'A key of the workspace, with the permission `devices:write`.',
    },
  },
  schemas: { Device, DevicePage, DeviceList, Sent, ApiError, TooMany },
  faults: Object.fromEntries(Object.entries(ROWS).map(([name, row]) => [name, refusal(row, name)])),
  always: [
    'bad_path',
    'unauthorized',
    'forbidden',
    'header_too_large',
    'rate_limited',
    'internal',
    'unavailable',
  ],
  operations,
  left,
}
