import type { Operation, Reference } from '../../src/reference/reference.ts'
import {
  ALWAYS,
  DONE,
  FOR_BODY,
  FOR_INSTANCE,
  faults,
  ID,
  INSTANCE,
  INTEREST,
  mounted,
  ON_DEVICES,
  ON_INSTANCE,
  ofDevice,
  PLATFORM,
  PUBLISHES,
} from './reference-parts.ts'
import {
  ApiError,
  Device,
  InterestSet,
  Interests,
  metadata,
  NewToken,
  Published,
  Registered,
  Registration,
  Report,
  ToInterests,
  ToUsers,
  VapidKey,
} from './reference-schemas.ts'
import { BASES } from './routes.ts'

const devices: readonly Operation[] = [
  {
    id: 'registerDevice',
    method: 'POST',
    path: ON_DEVICES,
    mounted: mounted(ON_DEVICES),
    summary: 'Register a device',
    description: 'If the token is known, its interests are kept and returned.',
    section: 'pusher-beams, section 4',
    credentials: [],
    parameters: { instance: INSTANCE, platform: PLATFORM },
    body: {
      schema: Registration,
      example: { token: 'example-fcm-token', metadata: { sdkVersion: '1.10.0', androidVersion: '14' } },
    },
    answers: [
      {
        status: 200,
        is: 'The device, with its interests.',
        schema: Registered,
        example: { id: ID, initialInterestSet: ['news'] },
      },
    ],
    errors: [
      ...FOR_INSTANCE,
      ...FOR_BODY,
      ...['apnsTokenMissing', 'fcmTokenMissing', 'webTokenMissing', 'bundleMissing', 'metadataInvalid'],
      ...['credentialsWrong', 'apnsTokenWrong', 'fcmTokenWrong', 'device_limit'],
    ],
    gives: { device: 'id' },
  },
  {
    id: 'getVapidPublicKey',
    method: 'GET',
    path: `${ON_INSTANCE}/web-vapid-public-key`,
    summary: 'Show the public key for browser subscriptions',
    section: 'pusher-beams, section 2',
    credentials: [],
    parameters: { instance: INSTANCE },
    answers: [{ status: 200, is: 'The public key.', schema: VapidKey, example: { vapidPublicKey: 'BNc…' } }],
    errors: FOR_INSTANCE,
  },
  ofDevice({
    id: 'getDevice',
    method: 'GET',
    summary: 'Show a device',
    section: 'pusher-beams, section 4',
    answers: [
      {
        status: 200,
        is: 'The device.',
        schema: Device,
        example: { id: ID, userId: '', metadata: { sdkVersion: '1.10.0' } },
      },
    ],
    errors: ['contentType'],
  }),
  ofDevice({
    id: 'deleteDevice',
    method: 'DELETE',
    summary: 'Delete a device',
    description: 'The answer for an unknown device is the same.',
    section: 'pusher-beams, section 4',
    answers: [DONE],
  }),
  ofDevice({
    id: 'setMetadata',
    method: 'PUT',
    rest: '/metadata',
    summary: 'Replace the metadata of a device',
    section: 'pusher-beams, section 4',
    body: { schema: metadata, example: { sdkVersion: '1.10.1', androidVersion: '15' } },
    answers: [DONE],
    errors: ['metadataInvalid'],
  }),
  ofDevice({
    id: 'setToken',
    method: 'PUT',
    rest: '/token',
    summary: 'Replace the token of a device',
    description: 'For `fcm` only.',
    section: 'pusher-beams, section 4',
    body: { schema: NewToken, example: { token: 'another-fcm-token' } },
    answers: [DONE],
    errors: ['newTokenMissing', 'not_found'],
  }),
  ofDevice({
    id: 'bindUser',
    method: 'PUT',
    rest: '/user',
    summary: 'Bind a user to a device',
    description: 'A device can be bound to a user only once.',
    section: 'pusher-beams, section 5',
    credentials: ['userToken'],
    answers: [DONE],
    errors: [
      ...['contentType', 'authorizationMissing', 'authorizationMalformed', 'expMissing', 'subMissing'],
      ...['subLength', 'issMissing', 'issForbidden', 'userDeviceInvalid', 'userTaken', 'userLimit'],
    ],
  }),
]

const interests: readonly Operation[] = [
  ofDevice({
    id: 'listInterests',
    method: 'GET',
    rest: '/interests',
    summary: 'List the interests of a device',
    section: 'pusher-beams, section 4',
    parameters: {
      limit: { in: 'query', is: 'The number of items, from 1 to 100; 100 by default.', example: '100' },
      cursor: { in: 'query', is: 'The `nextCursor` of the previous page.', example: '' },
    },
    answers: [
      {
        status: 200,
        is: 'A page of interests.',
        schema: Interests,
        example: { interests: ['news'], responseMetadata: {} },
      },
    ],
    errors: ['limitInvalid', 'cursorInvalid'],
  }),
  ofDevice({
    id: 'setInterests',
    method: 'PUT',
    rest: '/interests',
    summary: 'Replace the interests of a device',
    section: 'pusher-beams, section 4',
    body: { schema: InterestSet, example: { interests: ['news', 'sports'] } },
    answers: [DONE],
    errors: ['interestsMissing', 'interestInvalid', 'interestsTooMany'],
  }),
  ofDevice({
    id: 'addInterest',
    method: 'POST',
    rest: '/interests/{interest}',
    summary: 'Add an interest',
    section: 'pusher-beams, section 4',
    parameters: { interest: INTEREST },
    answers: [DONE],
    errors: ['deviceInvalid', 'interestMissing', 'interestInvalid', 'interestsTooMany'],
  }),
  ofDevice({
    id: 'removeInterest',
    method: 'DELETE',
    rest: '/interests/{interest}',
    summary: 'Remove an interest',
    section: 'pusher-beams, section 4',
    parameters: { interest: INTEREST },
    answers: [DONE],
    errors: ['removalDeviceInvalid', 'interestMissing'],
  }),
]

const publish = (
  of: Pick<Operation, 'id' | 'path' | 'mounted' | 'also' | 'summary' | 'body'>,
): Operation => ({
  ...of,
  method: 'POST',
  section: 'sending, section 3',
  credentials: ['secretKey'],
  parameters: { instance: INSTANCE },
  answers: [
    {
      status: 200,
      is: 'The message is accepted.',
      schema: Published,
      example: { publishId: 'pubid-0193a1b2-0000-4000-8000-000000000002' },
    },
  ],
  errors: [
    ...FOR_INSTANCE,
    ...['contentType', 'bad_body', 'publishHeaderMissing', 'publishKeyWrong', 'schema', 'limit'],
    of.id === 'publishToUsers' ? 'usersTooLarge' : 'interestsTooLarge',
  ],
})

const server: readonly Operation[] = [
  publish({
    id: 'publishToInterests',
    path: PUBLISHES,
    mounted: mounted(PUBLISHES).flatMap((path) => [path, `${path}/interests`]),
    also: [`${PUBLISHES}/interests`],
    summary: 'Publish to interests',
    body: {
      schema: ToInterests,
      example: { interests: ['news'], fcm: { notification: { title: 'Hello', body: 'There is news.' } } },
    },
  }),
  publish({
    id: 'publishToUsers',
    path: `${PUBLISHES}/users`,
    summary: 'Publish to users',
    body: {
      schema: ToUsers,
      example: { users: ['jane'], fcm: { notification: { title: 'Hello', body: 'There is news.' } } },
    },
  }),
  {
    id: 'deleteUser',
    method: 'DELETE',
    path: '/customer_api/v1/instances/{instance}/users/{user}',
    mounted: ['/customer_api', '/user_api'].map((base) => `${base}/v1/instances/:instance/users/:user{.+}`),
    also: ['/user_api/v1/instances/{instance}/users/{user}'],
    summary: 'Delete a user and all of the user’s devices',
    section: 'pusher-beams, section 4',
    credentials: ['secretKey'],
    parameters: { instance: INSTANCE, user: { is: 'The user’s id.', example: 'jane' } },
    answers: [DONE],
    errors: [...FOR_INSTANCE, 'secretMissing', 'secretWrong', 'userTooLong'],
  },
  {
    id: 'report',
    method: 'POST',
    path: '/reporting_api/v2/instances/{instance}/events',
    summary: 'Report that a message was delivered or opened',
    section: 'pusher-beams, section 4',
    credentials: [],
    parameters: { instance: INSTANCE },
    body: {
      schema: Report,
      example: {
        event: 'Delivery',
        publishId: 'pubid-0193a1b2-0000-4000-8000-000000000002',
        deviceId: ID,
        timestampSecs: 1_764_072_000,
      },
    },
    answers: [DONE],
    errors: ['instanceMissing', 'instanceInvalid', 'reportInstance', ...FOR_BODY, 'invalid'],
  },
]

export const beamsReference: Reference = {
  dialect: 'pusher-beams',
  title: 'Pusher Beams',
  description:
    'The API of Pusher Beams that its device and server SDKs call. Vendor rules that a schema cannot express are in the recipe: docs/recipes/pusher-beams.md.',
  credentials: {
    secretKey: { type: 'http', scheme: 'bearer', description: 'The secret key of the instance.' },
    userToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A JWT with the user as `sub`, signed by the customer’s server with the secret key (HS256).',
    },
  },
  schemas: { Registered, Device, Interests, VapidKey, Published, ApiError },
  faults,
  always: ALWAYS,
  operations: [...devices, ...interests, ...server],
  left: BASES.map((base) => ({
    method: 'ALL',
    path: `${base}/*`,
    why: 'any other path is answered with 404',
  })),
}
