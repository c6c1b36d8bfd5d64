import type { DialectApp } from '../../src/domain/app.ts'
import type { ListedDevice } from '../../src/domain/subscription.ts'
import { repaired } from '../../src/domain/text.ts'
import type { TopicPolicy } from '../../src/domain/topic.ts'
import type { DevicePatch } from '../../src/gateway/devices.ts'
import type { Json } from '../../src/wire/json.ts'
import { requireOwn } from './caller.ts'
import { deviceCriteria } from './criteria.ts'
import { platformOf, pushToken, updateToken } from './device-tokens.ts'
import { fault } from './errors.ts'
import { answerList } from './lists.ts'
import { type Call, link, type Operations, orDevicesWrite } from './operations.ts'
import {
  ANONYMOUS,
  optionalDeviceId,
  optionalText,
  optionalToken,
  required,
  requiredText,
  textOf,
  timeText,
} from './values.ts'

/** The tag to which every registration subscribes its device (section 5.1). */
export const EVERYBODY = 'Push.ALL'
const MOST_USER_ID = 254
/** Descriptive, so longer texts are cut rather than refused. */
const MOST_USER_AGENT = 1000

export const TAGS: TopicPolicy = {
  maxLength: 1000,
  refused: [],
  limit: 100_000,
  automatic: [EVERYBODY],
  ids: true,
  catalogued: true,
}

/** The `userId` within its length limit; null for the vendor's placeholder for an absent user. */
export function userIdOf(body: Json): string | null | undefined {
  const userId = optionalText(body, 'userId')
  if (userId === undefined) return undefined
  if ([...userId].length > MOST_USER_ID) throw fault('badValue', 'userId')
  return userId === ANONYMOUS ? null : userId
}

/** Whether a device registered with the IBM Cloud variant's SDK, which reads some members of a message differently. */
export const isCloud = (details: Json): boolean => details.cloud === true
const cloudDetail = (caller: Call['caller']) =>
  caller.kind === 'secret' && !caller.server ? { cloud: true } : {}

const userPatch = (userId: string | null | undefined): DevicePatch =>
  userId === undefined ? {} : { user: userId === null ? null : { id: userId, proved: false } }

/** All members are strings, and those that SDKs read are always present (section 1, row 2). */
export function presentDevice(c: Call['c'], app: DialectApp, device: ListedDevice) {
  const phoneNumber = textOf(device.details.phoneNumber)
  return {
    deviceId: device.externalId,
    token: device.pushToken?.token ?? '',
    platform: textOf(device.details.platformName),
    userId: device.user?.id ?? ANONYMOUS,
    ...(phoneNumber !== '' && { phoneNumber }),
    createdMode: 'API',
    createdTime: timeText(device.createdAt),
    lastUpdatedTime: timeText(device.updatedAt),
    href: link(c, app, 'devices', device.externalId),
  }
}

/** Push Device Registration and Push Device Registrations (section 5.1). */
export function deviceOperations(on: Operations): void {
  on.app(
    {
      method: 'POST',
      path: '/apps/:app/devices',
      scopes: ['devices.write'],
      mobile: 'own',
      negotiated: true,
      body: 'json',
    },
    register,
  )
  on.app(
    {
      method: 'GET',
      path: '/apps/:app/devices/:device',
      scopes: orDevicesWrite('devices.read'),
      mobile: 'own',
      negotiated: true,
    },
    async ({ c, app, caller }) => {
      const externalId = deviceId(c, caller)
      const device = await c.get('gateway').devices.find({ app, externalId })
      if (!device) throw fault('notFound', externalId)
      return c.json(presentDevice(c, app, device))
    },
  )
  on.app(
    {
      method: 'PUT',
      path: '/apps/:app/devices/:device',
      scopes: ['devices.write'],
      mobile: 'own',
      negotiated: true,
      body: 'json',
    },
    update,
  )
  on.app(
    {
      method: 'DELETE',
      path: '/apps/:app/devices/:device',
      scopes: ['devices.write'],
      mobile: 'own',
      negotiated: true,
    },
    async ({ c, app, caller }) => {
      const externalId = deviceId(c, caller)
      const ref = { app, externalId, cause: c.get('requestId') }
      if (!(await c.get('gateway').devices.unregister(ref))) throw fault('notFound', externalId)
      return c.body(null, 204)
    },
  )
  on.app(
    {
      method: 'GET',
      path: '/apps/:app/devices',
      scopes: orDevicesWrite('devices.read'),
      negotiated: true,
    },
    ({ c, app }) =>
      answerList(c, {
        app,
        list: c.get('gateway').listings.devices,
        criteria: deviceCriteria(c),
        columns: { devices: (device) => presentDevice(c, app, device) },
      }),
  )
}

function deviceId(c: Call['c'], caller: Call['caller']): string {
  const id = c.req.param('device') ?? ''
  requireOwn(caller, id)
  return id
}

/** Registering a known id updates it; never a conflict (section 5.1). */
async function register({ c, app, caller, body }: Call): Promise<Response> {
  const externalId = required(optionalDeviceId(body), 'deviceId')
  const token = required(optionalToken(body), 'token')
  const platformName = requiredText(body, 'platform')
  const { platform, provider } = platformOf(platformName)
  const userId = userIdOf(body)
  const phoneNumber = optionalText(body, 'phoneNumber')
  requireOwn(caller, externalId)
  const userAgent = repaired(c.req.header('user-agent') ?? '').slice(0, MOST_USER_AGENT)
  const { device, created } = await c.get('gateway').devices.register({
    app,
    externalId,
    identity: 'key',
    platform,
    pushToken: pushToken(provider, token),
    patch: {
      ...userPatch(userId ?? null),
      details: {
        platformName,
        userAgent,
        ...cloudDetail(caller),
        ...(phoneNumber !== undefined && { phoneNumber }),
      },
    },
    topics: { names: [EVERYBODY], when: 'created' },
    policy: TAGS,
    lists: { topics: false, tags: false },
    cause: c.get('requestId'),
  })
  const answer = { ...presentDevice(c, app, device), userAgent: textOf(device.details.userAgent) }
  return c.json(answer, created ? 201 : 200)
}

/** Absent members keep their values (section 5.1). */
async function update({ c, app, caller, body }: Call): Promise<Response> {
  const externalId = deviceId(c, caller)
  const token = optionalToken(body)
  const platformName = optionalText(body, 'platform')
  if (platformName !== undefined) platformOf(platformName)
  optionalText(body, 'deviceId')
  const phoneNumber = optionalText(body, 'phoneNumber')
  const details = {
    ...(token !== undefined && cloudDetail(caller)),
    ...(platformName !== undefined && { platformName }),
    ...(phoneNumber !== undefined && { phoneNumber }),
  }
  const patch = { ...userPatch(userIdOf(body)), ...(Object.keys(details).length > 0 && { details }) }
  const ref = { app, externalId, patch, superseded: true }
  const device =
    token === undefined && platformName === undefined
      ? await c.get('gateway').devices.update(ref)
      : await updateToken({ c, ref, token, platformName })
  if (!device) throw fault('notFound', externalId)
  // The id as sent, even if it is shared (section 13, R21).
  return c.json(presentDevice(c, app, { ...device, externalId }))
}
