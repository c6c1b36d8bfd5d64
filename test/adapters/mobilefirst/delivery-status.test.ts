import { describe, expect, test } from 'vitest'
import { outsideFetch } from '#runtime'
import type { Call } from '../../../src/store/sql/port.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { openFcm } from '../../delivery/fcm/kit.ts'
import { fcmError } from '../../fixtures/push-services/fcm.ts'
import { createHarness } from '../../harness/harness.ts'
import { settle } from '../../sending/kit.ts'
import { type Answer, createTenant, unique, V1 } from './kit.ts'

const DEAD = fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' })
const OTHER_SENDER = fcmError(403, 'PERMISSION_DENIED', { errorCode: 'SENDER_ID_MISMATCH' })
const TOO_LARGE = fcmError(400, 'INVALID_ARGUMENT', { errorCode: 'INVALID_ARGUMENT' })

interface Shown {
  readonly deviceId: string
  readonly userId: string
  readonly platform: string
  readonly status: string
}
interface List {
  readonly deliveryStatus: readonly Shown[]
  readonly pageInfo: {
    readonly count: string
    readonly totalCount: string
    readonly next: string
    readonly previous: string
  }
}

/** An application that reaches a fake FCM; a test can inspect the reads of the store. */
async function reaching(configured = true) {
  const reads: Call[] = []
  const h = await createHarness({
    env: { ALLOW_PRIVATE_TARGETS: 'on' },
    fetch: outsideFetch,
    dialect: 'mobilefirst',
    db: (real) => ({
      ...real,
      commit: real.commit,
      read: (plan) => {
        reads.push(...plan)
        return real.read(plan)
      },
    }),
  })
  const t = await createTenant({ h })
  const fcm = await openFcm({ deps: laneDeps({ now: () => h.clock.now }) })
  if (configured) await h.admin('PUT', `/apps/${t.id}/providers/fcm`, fcm.document)
  // Earlier tests over the same database may have left messages.
  await settle(h.engine())
  return {
    ...t,
    fcm,
    reads,
    request: t.send,
    phone: (more: object = {}) => t.device({ platform: 'G', token: unique('token'), ...more }),
    async send(more: object = {}): Promise<string> {
      const { messageId } = await t.ok('POST', '/messages', { body: { message: { alert: 'hi' }, ...more } })
      await settle(h.engine())
      return String(messageId)
    },
    status: async (messageId: string, query = '') =>
      (await t.ok('GET', `/messages/${messageId}/deliverystatus${query}`)) as unknown as List,
  }
}

describe('the delivery status of a message', () => {
  test.each<[string, string | null, readonly string[], ReturnType<typeof fcmError> | null]>([
    ['that the push service took is Sent', 'Sent', [], null],
    ['that the device received is Seen', 'Seen', ['SEEN'], null],
    ['that the device opened is Open', 'Open', ['OPEN'], null],
    ['that was received and opened is Open, in whatever order', 'Open', ['OPEN', 'SEEN'], null],
    ['whose token the push service knows no more is Invalid', 'Invalid', [], DEAD],
    ['whose token is another sender’s is Invalid', 'Invalid', [], OTHER_SENDER],
    ['that the push service refused is not listed', null, [], TOO_LARGE],
  ])('of a device %s', async (_, status, reports, verdict) => {
    const t = await reaching()
    const phone = await t.phone({ userId: 'jane' })
    if (verdict) t.fcm.fake.verdicts.set(String(phone.token), verdict)
    const messageId = await t.send()
    for (const report of reports)
      await t.ok('PUT', `/messages/${messageId}`, { body: { deviceId: phone.deviceId, status: report } })
    const shown = status === null ? [] : [{ deviceId: phone.deviceId, userId: 'jane', platform: 'G', status }]
    expect(await t.status(messageId)).toEqual({
      deliveryStatus: shown,
      pageInfo: { count: String(shown.length), totalCount: String(shown.length), next: '', previous: '' },
    })
  })

  test.each<[string, (t: Awaited<ReturnType<typeof reaching>>) => Promise<string>]>([
    ['nobody is meant', (t) => t.send({ target: { deviceIds: ['nobody'] } })],
    [
      'its audience is still looked up',
      async (t) => {
        await t.phone()
        const { messageId } = await t.ok('POST', '/messages', { body: { message: { alert: 'hi' } } })
        return String(messageId)
      },
    ],
  ])('is an empty list while %s', async (_, send) => {
    const t = await reaching()
    const list = await t.status(await send(t))
    expect(list).toMatchObject({ deliveryStatus: [], pageInfo: { count: '0', totalCount: '0' } })
  })

  test('is an empty list where no push service is set up', async () => {
    const t = await reaching(false)
    await t.phone()
    expect((await t.status(await t.send())).deliveryStatus).toEqual([])
  })

  test('shows devices as they are now: of one without a user the vendor’s word, of a removed one nothing', async () => {
    const t = await reaching()
    const [stays, goes] = [await t.phone(), await t.phone()]
    const messageId = await t.send()
    await t.ok('DELETE', `/devices/${goes.deviceId}`)
    expect((await t.status(messageId)).deliveryStatus).toEqual([
      { deviceId: stays.deviceId, userId: 'anonymous', platform: 'G', status: 'Sent' },
    ])
  })

  test('comes in pages that have each device once, whose links are followed at the same cost', async () => {
    const t = await reaching()
    const phones = []
    for (let at = 0; at < 7; at++) phones.push(await t.phone())
    const messageId = await t.send()
    const seen: string[] = []
    const reads: number[] = []
    let query = '?offset=0&size=3'
    while (query !== '') {
      t.reads.length = 0
      const { deliveryStatus, pageInfo } = await t.status(messageId, query)
      reads.push(t.reads.filter(({ statement }) => statement.text.includes('send_pages')).length)
      expect(pageInfo).toMatchObject({ count: String(deliveryStatus.length), totalCount: '7' })
      seen.push(...deliveryStatus.map(({ deviceId }) => deviceId))
      expect(
        pageInfo.next === '' || pageInfo.next.startsWith(`http://gateway.test${V1}/apps/${t.app}/`),
      ).toBe(true)
      query = pageInfo.next === '' ? '' : new URL(pageInfo.next).search
    }
    expect(seen).toHaveLength(7)
    expect(new Set(seen)).toEqual(new Set(phones.map(({ deviceId }) => deviceId)))
    expect(reads).toEqual([1, 1, 1])
    const last = await t.status(messageId, '?offset=6&size=3')
    expect(last.deliveryStatus.map(({ deviceId }) => deviceId)).toEqual(seen.slice(6))
    expect(last.pageInfo.previous).toMatch(/offset=3&size=3$/)
    expect((await t.status(messageId, '?offset=2')).deliveryStatus.map((one) => one.deviceId)).toEqual(
      seen.slice(2),
    )
  })

  test.each([
    ['?offset=-1', 'FPWSE1079E'],
    ['?size=0', 'FPWSE1080E'],
    ['?size=3&cursor=x', 'FPWSE0005E'],
  ])('is refused with %s', async (query, code) => {
    const t = await reaching()
    const messageId = await t.send({ target: { deviceIds: [] } })
    const answer = await t.request('GET', `/messages/${messageId}/deliverystatus${query}`)
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([400, code])
  })

  test('is 404 for an unknown message, a forgotten one and one of another application', async () => {
    const t = await reaching()
    const other = await createTenant({ h: t.h })
    await t.phone()
    const messageId = await t.send()
    const path = `/messages/${messageId}/deliverystatus`
    expect((await other.send('GET', path)).status).toBe(404)
    const unknown = await t.request('GET', '/messages/none/deliverystatus')
    expect([unknown.status, (await unknown.json<Answer>()).code]).toEqual([404, 'FPWSE0001E'])
    await t.ok('DELETE', `/messages/${messageId}`)
    expect((await t.request('GET', path)).status).toBe(404)
  })

  test('needs the scope of reading messages', async () => {
    const t = await reaching()
    const path = `/messages/${await t.send()}/deliverystatus`
    for (const [scopes, status] of [
      ['messages.read', 200],
      ['messages.write', 403],
      ['devices.read', 403],
    ] as const) {
      const token = await t.token(scopes)
      expect([scopes, (await t.request('GET', path, { token })).status]).toEqual([scopes, status])
    }
    expect((await t.request('GET', path, { token: null })).status).toBe(401)
  })
})
