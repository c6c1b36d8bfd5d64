import { describe, expect, test } from 'vitest'
import { outsideFetch } from '#runtime'
import { adapters } from '../../../adapters/index.ts'
import { createDelivery } from '../../../src/events/deliver.ts'
import { createOutbound } from '../../../src/outbound/outbound.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { openFcm } from '../../delivery/fcm/kit.ts'
import { fcmError } from '../../fixtures/push-services/fcm.ts'
import { settle } from '../../sending/kit.ts'
import { createTenant, unique } from './kit.ts'

const BOTH = 'onNotificationStatusChange,onNotificationFailure'

/** An application that reaches a fake FCM, and the calls that its webhook gets. */
async function hooked(eventTypes = BOTH) {
  const t = await createTenant({ env: { ALLOW_PRIVATE_TARGETS: 'on' }, fetch: outsideFetch })
  const fcm = await openFcm({ deps: laneDeps({ now: () => t.h.clock.now }) })
  await t.h.admin('PUT', `/apps/${t.id}/providers/fcm`, fcm.document)
  // Earlier tests over the same database may have left messages.
  await settle(t.h.engine())
  const url = `https://hooks.example/${t.app}`
  await t.ok('POST', '/webhooks', { body: { name: 'hook', url, eventTypes } })
  const bodies: { readonly type: string; readonly entity: Record<string, unknown> }[] = []
  const outbound = createOutbound({
    allowPrivate: false,
    fetch: async (to, init) => {
      if (to === url) bodies.push(JSON.parse(String(init.body)))
      return new Response(null, { status: 204 })
    },
  })
  const deliver = createDelivery({ adapters, outbound })
  return {
    ...t,
    fcm,
    phone: () => t.device({ platform: 'G', token: unique('token') }),
    async send(target?: object) {
      const body = { message: { alert: 'hello' }, ...(target && { target }) }
      const { messageId } = await t.ok('POST', '/messages', { body })
      await settle(t.h.engine())
      return messageId
    },
    async told() {
      while ((await deliver(t.h.gateway)) > 0);
      return bodies.splice(0)
    },
  }
}

describe('a webhook of messages', () => {
  test('is told which devices a push service took a message for, in one call for a platform', async () => {
    const t = await hooked()
    const phones = [await t.phone(), await t.phone()]
    const messageId = await t.send()
    const [call, ...more] = await t.told()
    expect(more).toEqual([])
    expect(call).toEqual({
      type: 'onNotificationStatusChange',
      applicationId: t.app,
      eventTimeStamp: t.h.clock.now.getTime(),
      entity: { deviceIds: expect.any(Array), platform: 'G', msgStatus: 'SENT', messageId },
    })
    expect(call?.entity.deviceIds).toEqual(expect.arrayContaining(phones.map(({ deviceId }) => deviceId)))
  })

  test('is told which devices failed, and why', async () => {
    const t = await hooked()
    const [fine, gone] = [await t.phone(), await t.phone()]
    t.fcm.fake.verdicts.set(String(gone.token), fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' }))
    const messageId = await t.send()
    const calls = await t.told()
    expect(calls.map(({ type, entity }) => [type, entity]).sort()).toEqual([
      [
        'onNotificationFailure',
        {
          ...{ deviceIds: [gone.deviceId], platform: 'G', msgStatus: 'FAILED', messageId },
          failureReason: expect.stringMatching(/./),
        },
      ],
      [
        'onNotificationStatusChange',
        { deviceIds: [fine.deviceId], platform: 'G', msgStatus: 'SENT', messageId },
      ],
    ])
  })

  test('is told of the first receipt of each kind of a device', async () => {
    const t = await hooked()
    const { deviceId } = await t.phone()
    const messageId = await t.send({ deviceIds: [deviceId] })
    await t.told()
    for (const status of ['SEEN', 'seen', 'OPEN', 'OPEN'])
      await t.ok('PUT', `/messages/${messageId}`, { body: { deviceId, status } })
    const entity = { deviceIds: [deviceId], platform: 'G', messageId }
    const told = (await t.told()).map((call) => call.entity)
    // The calls are made side by side, so either may arrive first.
    expect(told).toHaveLength(2)
    expect(told).toEqual(
      expect.arrayContaining(['SEEN', 'OPEN'].map((msgStatus) => ({ ...entity, msgStatus }))),
    )
  })

  test.each([
    ['onNotificationFailure', 0],
    ['onDeviceUnregister', 0],
    ['onNotificationStatusChange', 2],
  ])('that chose %s is told of nothing else', async (chosen, calls) => {
    const t = await hooked(chosen)
    const { deviceId } = await t.phone()
    const messageId = await t.send()
    await t.ok('PUT', `/messages/${messageId}`, { body: { deviceId, status: 'OPEN' } })
    expect(await t.told()).toHaveLength(calls)
  })

  test('is told nothing of devices that went before the call was made', async () => {
    const t = await hooked()
    const [one, other] = [await t.phone(), await t.phone()]
    await t.send()
    await t.ok('DELETE', `/devices/${one.deviceId}`)
    expect((await t.told()).map(({ entity }) => entity.deviceIds)).toEqual([[other.deviceId]])
    await t.send()
    await t.ok('DELETE', `/devices/${other.deviceId}`)
    expect(await t.told()).toEqual([])
    expect(await t.told()).toEqual([])
  })

  test('is told of an operator’s message as of a back end’s', async () => {
    const t = await hooked()
    const { deviceId } = await t.phone()
    await t.h.admin('POST', `/apps/${t.id}/messages`, { body: 'hello', audience: { all: true } })
    await settle(t.h.engine())
    expect((await t.told()).map(({ entity }) => entity)).toMatchObject([
      { deviceIds: [deviceId], msgStatus: 'SENT' },
    ])
  })
})
