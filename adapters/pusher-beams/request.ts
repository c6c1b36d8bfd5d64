import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Device } from '../../src/domain/device.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType } from '../../src/wire/body.ts'
import { refuseBrokenEscapes } from '../../src/wire/path.ts'
import { type BeamsPlatform, isDeviceId } from './devices.ts'
import { type Fault, fault } from './errors.ts'
import { instanceId } from './identify.ts'
import { INSTANCE_ID } from './provisioning.ts'

export const INSTANCE = '/device_api/v1/instances/:instance'
// The inner group is needed: a bare alternation would also match the rest of a longer path.
export const DEVICES = `${INSTANCE}/devices/:platform{(?:apns|fcm|web)}` as const
export const DEVICE = `${DEVICES}/:device` as const

/** Refuses a path whose instance id is missing or not a UUID. */
export function requireInstanceId(c: Request): void {
  refuseBrokenEscapes(c.req.url)
  const id = instanceId(c) ?? ''
  if (id === '') throw fault('instanceMissing')
  if (!INSTANCE_ID.test(id)) throw fault('instanceInvalid')
}

/** The app of the path's instance id, in any case. `unknown` is the error if there is none. */
export async function instance(c: Request, unknown?: Fault): Promise<DialectApp> {
  requireInstanceId(c)
  const tenant = await c.get('tenant').find()
  if (!tenant)
    throw unknown ? fault(unknown) : new GatewayError('app_unknown', 'Could not find the instance.')
  return tenant.app
}

export const platformOf = (c: Request): BeamsPlatform => c.req.param('platform') as BeamsPlatform

/** The device id of the path. A malformed id, or one of another platform, counts as unknown. */
export function deviceId(c: Request): string {
  const id = c.req.param('device') ?? ''
  return isDeviceId(id, platformOf(c)) ? id : unknownDevice()
}

/** Like `deviceId`, for calls with their own error for malformed ids. */
export function wellFormedDeviceId(c: Request, otherwise: Fault): string {
  const id = c.req.param('device') ?? ''
  if (!isDeviceId(id, platformOf(c))) throw fault(otherwise)
  return id
}

export function unknownDevice(): never {
  throw new GatewayError('device_unknown', 'Could not find the device.')
}

export function nothingHere(): never {
  throw new GatewayError('not_found', 'Could not find the resource.')
}

/** Superseded devices count as unknown in this API (section 11, R2). */
export const current = (device: Device | null): Device =>
  device && device.supersededAt === null ? device : unknownDevice()

/** 200 with an explicit `Content-Length: 0`, so that no hop waits for a chunked body. */
export const done = (c: Request): Response => c.body(null, 200, { 'Content-Length': '0' })

export function requireJson(c: Request): void {
  if (mediaType(c) !== 'application/json') throw fault('contentType')
}

/** For calls without a body: the content type may be absent, but another one is refused (section 9). */
export function refuseOtherTypes(c: Request): void {
  const type = mediaType(c)
  if (type !== null && type !== 'application/json') throw fault('contentType')
}

const segment = (name: string) => `(?<${name}>[^/]*)`
const BASE = `^/device_api/v1/instances/${segment('instance')}`
/** The endpoints' paths, with empty segments allowed. */
const SHAPES = [
  `${BASE}/web-vapid-public-key$`,
  `${BASE}/devices/(?:apns|fcm|web)$`,
  `${BASE}/devices/(?:apns|fcm|web)/${segment('device')}$`,
  `${BASE}/devices/(?:apns|fcm|web)/${segment('device')}/(?:metadata|user|interests)$`,
  `${BASE}/devices/fcm/${segment('device')}/token$`,
  `${BASE}/devices/(?:apns|fcm|web)/${segment('device')}/interests/${segment('interest')}$`,
  `^/reporting_api/v2/instances/${segment('instance')}/events$`,
  `^/(?:user|customer)_api/v1/instances/${segment('instance')}/users/.+$`,
  `^/publish_api/v1/instances/${segment('instance')}/publishes(?:/(?:interests|users))?$`,
].map((shape) => new RegExp(shape))

/**
 * Handles unmatched paths: an empty segment in place of an id or a name is an incomplete request (section 9), everything
 * else is unknown.
 */
export async function unmatched(c: Request): Promise<never> {
  refuseBrokenEscapes(c.req.url)
  const found = SHAPES.map((shape) => shape.exec(c.req.path)?.groups).find(Boolean)
  if (!found || !Object.values(found).includes('')) return nothingHere()
  await instance(c)
  throw fault(found.device === '' ? 'deviceMissing' : 'interestMissing')
}
