import type { Answer, Operation, Parameter, Refusal } from '../../src/reference/reference.ts'
import { PLATFORMS } from './devices.ts'
import { BY_CODE, FAULTS } from './errors.ts'
import { ApiError } from './reference-schemas.ts'

export const faults: Readonly<Record<string, Refusal>> = Object.fromEntries([
  ...Object.entries(BY_CODE).map(([name, [status, error, description]]) => [
    name,
    { status, schema: ApiError, example: { error, description } },
  ]),
  ...Object.entries(FAULTS).map(([name, [, status, error, description]]) => [
    name,
    { status, schema: ApiError, example: { error, description: description || 'users: users is required' } },
  ]),
])
export const ALWAYS = ['bad_path', 'header_too_large', 'rate_limited', 'internal', 'unavailable']
export const FOR_BODY = ['contentType', 'bad_body', 'too_large']
export const FOR_INSTANCE = ['instanceMissing', 'instanceInvalid', 'app_unknown']
const FOR_DEVICE = ['deviceMissing', 'device_unknown']

export const ID = 'apns-0193a1b2-0000-4000-8000-000000000001'
export const INSTANCE: Parameter = {
  is: 'The instance id: a UUID, in any letter case.',
  example: '0193a1b2-0000-4000-8000-00000000000a',
}
export const PLATFORM: Parameter = {
  is: 'The push service of the device.',
  example: 'fcm',
  oneOf: Object.keys(PLATFORMS),
}
const DEVICE_ID: Parameter = {
  is: 'The id from the answer to the registration.',
  example: ID.replace('apns', 'fcm'),
}
export const INTEREST: Parameter = { is: 'An interest.', example: 'news' }
export const ON_INSTANCE = '/device_api/v1/instances/{instance}'
export const ON_DEVICES = `${ON_INSTANCE}/devices/{platform}`
const ON_DEVICE = `${ON_DEVICES}/{device}`
export const PUBLISHES = '/publish_api/v1/instances/{instance}/publishes'

export const mounted = (path: string): readonly string[] => [
  path.replace(/\{(\w+)\}/g, ':$1').replace(':platform', ':platform{(?:apns|fcm|web)}'),
]
export const DONE: Answer = { status: 200, is: 'Done; the body is empty.' }

/** A call of a device, which needs no credential: the instance id is part of every app. */
export const ofDevice = (
  of: Omit<Operation, 'credentials' | 'path'> & Partial<Operation> & { readonly rest?: string },
): Operation => {
  const { rest = '', ...more } = of
  const path = ON_DEVICE + rest
  return {
    credentials: [],
    after: ['registerDevice'],
    ...more,
    path,
    mounted: mounted(path),
    parameters: { instance: INSTANCE, platform: PLATFORM, device: DEVICE_ID, ...of.parameters },
    errors: [...FOR_INSTANCE, ...FOR_DEVICE, ...(of.body ? FOR_BODY : []), ...(of.errors ?? [])],
  }
}
