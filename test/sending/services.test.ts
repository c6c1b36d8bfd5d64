import { expect, test } from 'vitest'
import { serve } from '#runtime'
import { laneDeps } from '../contract/provider-kit.ts'
import { openApns } from '../delivery/apns/kit.ts'
import type { Said } from '../fixtures/push-services/verdicts.ts'
import { echoWith, open } from './kit.ts'

/** A dialect with a form for every push service. */
const everywhere = echoWith('{"data":"x"}', 3600)

/** A push service that issues access tokens, and answers as the test says. */
async function service(answer: (path: string, body: { message?: { token?: string[] } }) => Said) {
  const requests: { readonly path: string; readonly tokens: readonly string[] }[] = []
  const { origin } = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (/token$/i.test(pathname))
      return Response.json({ access_token: 'access', expires_in: 3600, token_type: 'Bearer' })
    const body = await request.json<{ message?: { token?: string[] } }>()
    requests.push({ path: pathname, tokens: body.message?.token ?? [] })
    const { status, body: said } = answer(pathname, body)
    return Response.json(said, { status })
  })
  return { origin, requests }
}

async function reaching(document: Readonly<Record<string, unknown>>) {
  const o = await open({ adapters: [everywhere], set: false })
  const kind = String(document.kind)
  const set = await o.h.admin('PUT', `/apps/${o.id}/providers/${kind}`, document)
  expect(set.status).toBe(201)
  const provider = kind as 'hms' | 'adm' | 'apns'
  let count = 0
  return {
    ...o,
    /** Registers a phone with a token of the service. */
    phone: (token = `${provider}-${o.app.identifier}-${count++}`) =>
      o.phone({ externalId: token, pushToken: { provider, token } }),
  }
}

const huawei = (origin: string) => ({
  ...{ kind: 'hms', appId: '1234567', clientSecret: 'secret', endpoint: origin },
})

test('a service that takes lists gets one request for the phones of a page, and its partial answer is theirs one by one', async () => {
  const bad = new Set<string>()
  const { origin, requests } = await service((_, { message: { token = [] } = {} }) => {
    const illegal = token.filter((one) => bad.has(one))
    const named = JSON.stringify({ illegal_tokens: illegal })
    return { status: 200, body: { code: illegal.length > 0 ? '80100000' : '80000000', msg: named } }
  })
  const o = await reaching(huawei(origin))
  const phones = await Promise.all(Array.from({ length: 150 }, () => o.phone()))
  const tokens = phones.map(({ device }) => device.externalId)
  for (const token of tokens.slice(0, 3)) bad.add(token)
  const id = await o.accept()
  requests.splice(0)
  await o.run()
  expect(requests.map((one) => one.tokens.length).sort()).toEqual([100, 50])
  expect(requests.flatMap((one) => one.tokens).sort()).toEqual(tokens.toSorted())
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 147, mismatch: 3 } })
})

test('one answer for a list of phones is one answer: it does not count as an outage', async () => {
  let busy = 1
  const { origin, requests } = await service(() =>
    busy-- > 0
      ? { status: 500, body: { code: '81000001', msg: 'busy' } }
      : { status: 200, body: { code: '80000000', msg: 'Success' } },
  )
  const o = await reaching(huawei(origin))
  for (let made = 0; made < 20; made++) await o.phone()
  busy = 1
  requests.splice(0)
  const id = await o.accept()
  await o.run()
  expect(o.told()).toEqual([])
  o.h.clock.advance(60_000)
  await o.run()
  expect(requests).toHaveLength(2)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 20 } })
})

test('a token that the service replaces is the phone’s from then on (identity R4)', async () => {
  const next = `adm-${crypto.randomUUID()}`
  const { origin, requests } = await service(() => ({ status: 200, body: { registrationID: next } }))
  const o = await reaching({ ...{ kind: 'adm', clientId: 'c', clientSecret: 's', endpoint: origin } })
  const { device } = await o.phone()
  for (const _ of [1, 2]) {
    requests.splice(0)
    await o.accept()
    await o.run()
  }
  expect(requests).toMatchObject([{ path: expect.stringContaining(next) }])
  expect((await o.device(device.externalId)).pushToken).toMatchObject({ token: next, state: 'live' })
  const found = await o.h.admin('GET', `/apps/${o.id}/devices?token=${next}`)
  expect((await found.json<{ devices: unknown[] }>()).devices).toHaveLength(1)
  const history = await o.h.admin('GET', `/apps/${o.id}/devices/${device.id}/events`)
  const { events } = await history.json<{ events: readonly { kind: string }[] }>()
  expect(events.map(({ kind }) => kind)).toEqual(['rotated', 'registered'])
})

test('a token that the service replaces by one that another device has stays as it is', async () => {
  const { origin } = await service(() => ({ status: 200, body: { registrationID: taken } }))
  const taken = `adm-${crypto.randomUUID()}`
  const o = await reaching({ ...{ kind: 'adm', clientId: 'c', clientSecret: 's', endpoint: origin } })
  const { device } = await o.phone()
  await o.phone(taken)
  const id = await o.accept()
  await o.run()
  expect(await o.report(id)).toMatchObject({ counts: { accepted: 2 } })
  expect((await o.device(device.externalId)).pushToken?.token).toBe(device.externalId)
})

test('APNs that calls half of a page bad tokens kills none of them: it may be the credential', async () => {
  const { document, production, sandbox } = await openApns({
    deps: laneDeps({ now: () => new Date('2026-11-25T12:00:00.000Z') }),
  })
  const o = await reaching(document)
  const hex = () => crypto.randomUUID().replaceAll('-', '').repeat(2)
  const tokens = Array.from({ length: 60 }, hex)
  for (const token of tokens) await o.phone(token)
  for (const token of tokens.slice(0, 30))
    for (const fake of [production, sandbox])
      fake.verdicts.set(token, { status: 400, body: { reason: 'BadDeviceToken' } })
  await o.accept()
  await o.run()
  expect(o.told()).toMatchObject([{ state: 'refused', reason: 'BadDeviceToken' }])
  const states = await Promise.all(tokens.map(async (token) => (await o.device(token)).pushToken?.state))
  expect(new Set(states)).toEqual(new Set(['live']))
})
