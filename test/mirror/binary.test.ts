import { describe, expect, test } from 'vitest'
import { binaryCall, dto, readAnswer } from '../adapters/backendless/amf/calls.ts'
import { HOSTILE, setMirror } from './kit.ts'
import { countsOf, devicesOf, recorded } from './record-kit.ts'

const AMF = { 'Content-Type': 'application/x-amf' }
const PHONE = { deviceId: 'd1', deviceToken: 't:APA91bOfD1', channels: ['news'] }

describe.each(['record', 'shadow'])('binary calls of Backendless in the mode %s', (mode) => {
  const pair = recorded('backendless', {}, { mode })
  const path = () => {
    const { applicationId, apiKeys } = pair().app.dialects.backendless ?? {}
    return `/${applicationId}/${(apiKeys as Record<string, string>).android}/binary`
  }
  const call = async (body: Uint8Array) => {
    const answer = await pair().h.request('POST', path(), { body, headers: AMF })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-amf'])
    return readAnswer(new Uint8Array(await answer.arrayBuffer()))
  }
  const copied = async () => {
    await pair().h.settled()
    await pair().h.copy()
  }
  const sidesHave = async (devices: readonly object[]) => {
    for (const app of [pair().app, pair().theirs]) expect(await devicesOf(pair(), app)).toMatchObject(devices)
  }

  test('register and end a device on both sides, byte for byte, and are compared as what they say', async () => {
    const sent = binaryCall('registerDevice', [dto(PHONE)])
    expect((await call(sent)).fault).toBeNull()
    await copied()
    expect(pair().vendor.asked[0]?.bytes).toEqual(sent)
    await sidesHave([{ externalId: 'd1', topics: ['news'] }])
    expect((await call(binaryCall('unregisterDevice', ['d1']))).fault).toBeNull()
    await copied()
    await sidesHave([])
    expect(await countsOf(pair())).toMatchObject({ requests: 2, sent: 2, compared: 2, equal: 2 })
  })

  test('that the vendor refuses are faults, though their status is 200', async () => {
    const { vendor, played } = pair()
    // Without a token, which is a fault.
    const other = new Uint8Array(binaryCall('registerDevice', [dto({ deviceId: 'd1' })]))
    vendor.answer = (asked) => played({ ...asked, bytes: other })
    await call(binaryCall('registerDevice', [dto(PHONE)]))
    await copied()
    expect(await countsOf(pair())).toMatchObject({ sent: 1, 'failed.refused': 1 })
    expect(await devicesOf(pair(), pair().app)).toHaveLength(mode === 'record' ? 0 : 1)
  })

  test('of other services stay with whoever answers, and are not looked into', async () => {
    const publish = binaryCall('getPushTemplates', ['ANDROID'], {
      source: 'com.backendless.services.messaging.MessagingService',
    })
    await pair().h.request('POST', path(), { body: publish, headers: AMF })
    await copied()
    const { vendor, app } = pair()
    expect(vendor.asked).toHaveLength(mode === 'record' ? 1 : 0)
    expect(await devicesOf(pair(), app)).toEqual([])
  })
})

const only = recorded('backendless', {})
/** Bytes that a binary call may be answered with are not looked into before they are passed on. */
const others = Object.entries(HOSTILE).filter(([name]) => name !== 'that answers text which is no JSON')
const cases = ['forward', 'record', 'shadow'].flatMap((mode) =>
  others.map(([name, answer]) => ({ mode, name, answer })),
)
test.each(cases)('9.5 a binary call in $mode, a vendor $name', async ({ mode, name, answer }) => {
  const { h, vendor, app } = only()
  const silent = name.includes('never')
  const timeoutMs = silent ? 300 : 10_000
  await setMirror(h, app, 'backendless', { mode, upstream: vendor.origin, learn: false, timeoutMs })
  vendor.answer = answer
  const { applicationId, apiKeys } = app.dialects.backendless ?? {}
  const path = `/${applicationId}/${(apiKeys as Record<string, string>).android}/binary`
  const body = binaryCall('registerDevice', [dto(PHONE)])
  const got = await h.request('POST', path, { body, headers: AMF })
  const shadows = mode === 'shadow'
  expect([got.status, got.headers.get('location')]).toEqual([shadows ? 200 : 503, null])
  await h.settled()
  await h.copy()
  expect(await devicesOf(only(), app)).toHaveLength(shadows ? 1 : 0)
  const failed = { requests: 1, [silent ? 'failed.timeout' : 'failed.unreachable']: 1 }
  expect(await countsOf(only())).toEqual(shadows ? { ...failed, waiting: 1 } : failed)
})
