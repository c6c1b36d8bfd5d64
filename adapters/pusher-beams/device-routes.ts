import type { Hono } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import {
  devicePlatform,
  isDeviceId,
  kept,
  metadataPatch,
  presentDevice,
  presentRegistered,
  pushToken,
  registrationBody,
  registrationPatch,
  tokenOf,
} from './devices.ts'
import { fault } from './errors.ts'
import { INTERESTS } from './interests.ts'
import { givenId } from './mirrored.ts'
import { checksTokens } from './provisioning.ts'
import {
  current,
  DEVICE,
  DEVICES,
  deviceId,
  done,
  INSTANCE,
  instance,
  nothingHere,
  platformOf,
  refuseOtherTypes,
  requireJson,
} from './request.ts'
import { checkRegistration } from './token-check.ts'

/** Routes for devices, except for their interests and users. */
export function deviceRoutes(routes: Hono<AppEnv>): void {
  routes.post(DEVICES, async (c) => {
    requireJson(c)
    const app = await instance(c)
    const platform = platformOf(c)
    const body = registrationBody(await readJsonObject(c), platform)
    if (checksTokens(app)) await checkRegistration(c, app, { platform, token: body.token })
    // The vendor's id, if the vendor has registered the device: the SDK stores this id.
    const given = givenId(c.get('notes').vendor?.answer, platform)
    const known =
      given !== undefined &&
      (await c.get('gateway').devices.find({ app, externalId: given }))?.externalId === given
    const { device } = await c.get('gateway').devices.register({
      app,
      externalId: given ?? `${platform}-${crypto.randomUUID()}`,
      identity: known ? 'key' : 'token',
      platform: devicePlatform(platform, body.metadata),
      // Only the metadata distinguishes a Mac from an iPhone.
      platformWhen: body.metadata ? 'always' : 'created',
      pushToken: pushToken(platform, body.token),
      patch: registrationPatch(body),
      policy: INTERESTS,
      lists: { tags: false },
      cause: c.get('requestId'),
    })
    return c.json(presentRegistered(device))
  })

  routes.get(`${INSTANCE}/web-vapid-public-key`, async (c) => {
    const { app } = await instance(c)
    return c.json({ vapidPublicKey: app.vapid.publicKey })
  })

  routes.get(DEVICE, async (c) => {
    refuseOtherTypes(c)
    const ref = { app: await instance(c), externalId: deviceId(c) }
    return c.json(presentDevice(current(await c.get('gateway').devices.find(ref))))
  })

  routes.delete(DEVICE, async (c) => {
    const app = await instance(c)
    const externalId = c.req.param('device')
    // 200 even for an unknown, malformed or removed device; otherwise the Android SDK retries forever (section 1, #3).
    if (isDeviceId(externalId, platformOf(c))) {
      await c.get('gateway').devices.unregister({ app, externalId, cause: c.get('requestId') })
    }
    return done(c)
  })

  routes.put(`${DEVICE}/metadata`, async (c) => {
    requireJson(c)
    const app = await instance(c)
    const patch = metadataPatch(kept(await readJsonObject(c)))
    current(await c.get('gateway').devices.update({ app, externalId: deviceId(c), patch, superseded: false }))
    return done(c)
  })

  // Only for FCM, but checked here: a literal path beside the parameter would disable Hono's fast router.
  routes.put(`${DEVICE}/token`, async (c) => {
    if (platformOf(c) !== 'fcm') nothingHere()
    requireJson(c)
    const app = await instance(c)
    const token = tokenOf((await readJsonObject(c)).token)
    if (token === undefined) throw fault('newTokenMissing')
    const rotated = await c.get('gateway').devices.rotate({
      app,
      externalId: deviceId(c),
      platform: 'android',
      pushToken: pushToken('fcm', token),
      cause: c.get('requestId'),
    })
    current(rotated)
    return done(c)
  })
}
