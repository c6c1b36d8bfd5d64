import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm } from './kit.ts'
import { call } from './phone.ts'

const line = (of: object) => `${JSON.stringify(of)}\n`

async function withPlaceholder() {
  const office = await createOffice({ pushwoosh: {} })
  const token = fcm(crypto.randomUUID().slice(0, 8))
  const row = { platform: 'android', token, userId: 'anna', model: 'Pixel', tags: { Level: 7, Plan: 'pro' } }
  await office.import('format=ndjson&dialect=pushwoosh', line(row))
  const [placeholder] = [...(await office.devices()).values()]
  return { office, token, placeholder }
}

describe(`9.2 R14 on ${runtimeName}: the first call of a phone that was imported without an id`, () => {
  test('makes the placeholder its device, with what the file said', async () => {
    const { office, token, placeholder } = await withPlaceholder()
    await call(office, { id: 'phone', token })
    const devices = await office.devices()
    expect([...devices.keys()]).toEqual(['phone'])
    expect(devices.get('phone')).toMatchObject({
      id: placeholder?.id,
      userId: 'anna',
      model: 'Pixel',
      tags: { Level: 7, Plan: 'pro' },
      liveAt: office.h.clock.now.toISOString(),
      token,
    })
    const events = await office.h.gateway.directory.history(office.app, String(placeholder?.id))
    expect(events.map(({ kind }) => kind)).toContain('adopted')
  })

  test('merges it into a device that was there already, whose own values win', async () => {
    const { office, token } = await withPlaceholder()
    await call(office, { id: 'phone', tags: { Plan: 'free' } })
    await call(office, { id: 'phone', token })
    const devices = await office.devices()
    expect([...devices.keys()]).toEqual(['phone'])
    expect(devices.get('phone')).toMatchObject({ userId: 'anna', tags: { Level: 7, Plan: 'free' }, token })
    const stats = await office.h.gateway.directory.stats(office.app)
    expect(stats).toMatchObject({ total: 1, active: 1 })
  })

  test('comes four times at once and leaves one device', async () => {
    const { office, token } = await withPlaceholder()
    await Promise.all([1, 2, 3, 4].map(() => call(office, { id: 'phone', token })))
    expect([...(await office.devices()).keys()]).toEqual(['phone'])
    expect(await office.h.gateway.directory.stats(office.app)).toMatchObject({ total: 1, active: 1 })
  })
})

describe(`9.2 R15 on ${runtimeName}: a row about a device that calls by itself`, () => {
  test('changes no token and no user, and fills what is empty', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const [own, other] = [fcm('own'), fcm('other')]
    await call(office, { id: 'phone', token: own })
    const row = { externalId: 'phone', platform: 'android', token: other, userId: 'anna', model: 'Pixel' }
    const done = await office.import('format=ndjson&dialect=pushwoosh', line(row))
    expect(done.outcomes).toMatchObject({ merged: 1 })
    const devices = await office.devices()
    expect(devices.get('phone')).toMatchObject({ token: own, userId: null, model: 'Pixel' })
  })

  test('rotates its token only where the file is newer than its last call', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const [own, other] = [fcm('own'), fcm('other')]
    await call(office, { id: 'phone', token: own })
    const row = { externalId: 'phone', platform: 'android', token: other }
    const older = await office.import(
      'format=ndjson&dialect=pushwoosh&exportedAt=2026-11-01T00:00:00Z',
      line(row),
    )
    expect(older.reasons).toEqual({ older_than_live: 1 })
    office.h.clock.advance(120_000)
    const at = office.h.clock.now.toISOString()
    const newer = await office.import(`format=ndjson&dialect=pushwoosh&exportedAt=${at}`, line(row))
    expect(newer.outcomes).toMatchObject({ updated: 1 })
    expect((await office.devices()).get('phone')).toMatchObject({ token: other })
  })
})

test(`9.1 on ${runtimeName}, the same file again changes nothing, and a dry run counts as the real one`, async () => {
  const office = await createOffice({ pushwoosh: {} })
  const file =
    line({ externalId: 'a', platform: 'android', token: fcm('a') }) +
    line({ externalId: 'a', platform: 'android', token: fcm('a') }) +
    line({ externalId: 'b', platform: 'android', token: fcm('a') }) +
    line({ platform: 'android', token: fcm('c') }) +
    line({ externalId: 'c', platform: 'android', token: fcm('c'), model: 'M' })
  const dry = await office.import('format=ndjson&dialect=pushwoosh&dryRun=true', file)
  expect((await office.devices()).size).toBe(0)
  const real = await office.import('format=ndjson&dialect=pushwoosh', file)
  expect(dry.outcomes).toEqual(real.outcomes)
  expect(dry.reasons).toEqual(real.reasons)
  expect(dry.warnings).toEqual(real.warnings)
  expect(real.outcomes).toMatchObject({ created: 3, updated: 1, skipped: 1 })
  const before = await office.devices()
  const again = await office.import('format=ndjson&dialect=pushwoosh', file)
  expect(again.outcomes).toMatchObject({ created: 0, updated: 0, merged: 0 })
  expect(await office.devices()).toEqual(before)
})
