import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { asked, DAY, lines } from './kit.ts'

interface Shown {
  readonly totals: Record<string, number>
  readonly coverage: Record<string, number | null>
  readonly curve: readonly { readonly date: string; readonly seen: number; readonly share: number }[]
  readonly verdict: { readonly state: string; readonly reasons: readonly string[] }
  readonly [name: string]: unknown
}

const ready = async ({ h, app }: Office, query = '') =>
  asked<Shown>(h, 'GET', `/apps/${app}/readiness?dialect=pushwoosh${query}`)

const EXPORTED = '2026-11-25T10:00:00.000Z'
/** The device’s last activity at the vendor, so many days before the export. */
const lastSeen = (days: number) => new Date(Date.parse(EXPORTED) - days * DAY).toISOString()
const row = (name: string, more: object = {}) => ({
  ...{ externalId: name, platform: 'android', token: fcm(name), lastSeenAt: lastSeen(1) },
  ...more,
})
const imported = (office: Office, rows: readonly object[]) =>
  office.import(`format=ndjson&dialect=pushwoosh&exportedAt=${EXPORTED}`, lines(rows))

async function story() {
  const office = await createOffice({ pushwoosh: {} })
  const { h } = office
  // Noon of November 25th. Eight rows: one without an id, one of a device inactive for 40 days, one without a
  // date.
  await imported(office, [
    ...[row('caller', { appVersion: '1.0', tags: { Country: 'DE' } }), row('later', { appVersion: '1.0' })],
    ...[row('silent', { language: 'fr-CA' }), row('asleep', { lastSeenAt: lastSeen(40) })],
    ...[row('replaced'), row('dying'), { ...row('undated'), lastSeenAt: undefined }],
    { platform: 'ios', token: 'ab'.repeat(32), lastSeenAt: lastSeen(2) },
  ])
  h.clock.advance(DAY)
  await call(office, { id: 'caller', token: fcm('caller'), appVersion: '2.0' })
  // A reinstallation: another id takes over the token.
  await call(office, { id: 'successor', token: fcm('replaced') })
  await call(office, { id: 'newcomer', token: fcm('newcomer'), appVersion: '2.0' })
  h.clock.advance(DAY)
  await call(office, { id: 'later', token: fcm('later') })
  await asked(h, 'POST', `/apps/${office.app}/feedback`, {
    rows: [{ provider: 'fcm', token: fcm('dying'), outcome: 'dead', at: h.clock.now.toISOString() }],
  })
  return office
}

describe(`readiness on ${runtimeName}`, () => {
  test('9.7 is what a story counted by hand says', async () => {
    const office = await story()
    const { status, body } = await ready(office)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      app: office.app,
      dialect: 'pushwoosh',
      at: '2026-11-27T12:00:00.000Z',
      since: '2026-11-25T12:00:00.000Z',
      exportedAt: EXPORTED,
      activeDays: 30,
      // Seen: caller, later, replaced. Active: all but asleep; dying counts as dead.
      totals: {
        ...{ imported: 8, both: 3, residue: 5, liveOnly: 1, live: 4, active: 6, activeSeen: 3 },
        ...{ dead: 1, placeholders: 1 },
      },
      coverage: { all: 0.375, active: 0.5 },
      curve: [
        { date: '2026-11-25', seen: 0, share: 0 },
        { date: '2026-11-26', seen: 2, share: 0.3333 },
        { date: '2026-11-27', seen: 3, share: 0.5 },
      ],
      estimate: {
        window: 7,
        hazard: null,
        targets: [0.9, 0.95, 0.99].map((share) => ({ share, date: null, reason: 'too_few_days' })),
      },
      verdict: {
        state: 'running',
        safeFrom: null,
        reasons: [
          '50 % of the active devices have not been seen',
          '5 imported devices that did not call are not lost: their tokens are stored here, and messages can be sent to them',
        ],
      },
      // Of ten devices, dying has a dead token and replaced has none.
      cost: { billed: 8, reachable: 8, idle: 0 },
      unseen: [
        { month: null, devices: 1 },
        { month: '2026-10', devices: 1 },
        { month: '2026-11', devices: 3 },
      ],
      mirror: { mode: 'local', requests: 0, differing: 0, diverged: 0, dropped: 0, waiting: 0 },
      warnings: [],
    })
  })

  test('counts groups by what devices have now, which add up to the totals', async () => {
    const { body } = await ready(await story())
    expect(body.byPlatform).toEqual([
      { value: 'android', imported: 7, both: 3, residue: 4, liveOnly: 1, active: 5, activeSeen: 3 },
      { value: 'ios', imported: 1, both: 0, residue: 1, liveOnly: 0, active: 1, activeSeen: 0 },
    ])
    expect(body.byAppVersion).toMatchObject([
      { value: null, imported: 6 },
      { value: '2.0', imported: 1, both: 1, liveOnly: 1 },
      { value: '1.0', imported: 1, both: 1 },
    ])
    expect(body.byCountry).toMatchObject([
      { value: null, imported: 6 },
      { value: 'CA', imported: 1 },
      { value: 'DE', imported: 1 },
    ])
    for (const by of ['byPlatform', 'byAppVersion', 'bySdkVersion', 'byCountry']) {
      const groups = body[by] as readonly Record<string, number>[]
      for (const name of ['imported', 'both', 'residue', 'liveOnly', 'active', 'activeSeen']) {
        expect(groups.reduce((sum, group) => sum + (group[name] ?? 0), 0)).toBe(body.totals[name])
      }
    }
  })

  test('has a curve for each platform and version', async () => {
    const office = await story()
    const { body } = await asked<{ curves: readonly Record<string, unknown>[] }>(
      ...[office.h, 'GET', `/apps/${office.app}/readiness/curves?dialect=pushwoosh`],
    )
    const of = (by: string, value: string | null) =>
      body.curves.find((one) => one.by === by && one.value === value)
    expect(of('platform', 'android')).toMatchObject({
      active: 5,
      curve: [{ seen: 0 }, { seen: 2, share: 0.4 }, { seen: 3, share: 0.6 }],
    })
    expect(of('platform', 'ios')).toMatchObject({ active: 1, curve: [{ seen: 0 }, { seen: 0 }, { seen: 0 }] })
    expect(of('appVersion', '2.0')).toMatchObject({
      active: 1,
      curve: [{ seen: 0 }, { seen: 1 }, { seen: 1 }],
    })
  })

  test.each([
    ['&activeDays=60', { active: 7, activeSeen: 3 }],
    ['&since=2026-11-27', { both: 1, liveOnly: 0, live: 1, residue: 7 }],
    ['&since=2026-11-26T12:00:00Z', { both: 3, liveOnly: 1 }],
  ])('answers other questions of the same devices: %s', async (query, totals) => {
    const { body } = await ready(await story(), query)
    expect(body.totals).toMatchObject(totals)
  })

  test.each([
    ['dialect=flameup', 'dialect'],
    ['dialect=pushwoosh&activeDays=0', 'activeDays'],
    ['dialect=pushwoosh&activeDays=401', 'activeDays'],
    ['dialect=pushwoosh&since=yesterday', 'since'],
    ['dialect=pushwoosh&targets=1.5', 'targets'],
    ['dialect=pushwoosh&targets=0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.91,0.92', 'targets'],
    ['dialect=pushwoosh&more=1', 'more'],
  ])('refuses %s', async (query, path) => {
    const { h, app } = await createOffice({ pushwoosh: {} })
    const { status, text } = await asked(h, 'GET', `/apps/${app}/readiness?${query}`)
    expect(status).toBe(400)
    expect(text).toContain(path)
  })

  test('begins with nothing, for each dialect of the app', async () => {
    const h = (await createOffice({ pushwoosh: {} })).h
    const both = await createOffice({ pushwoosh: {}, flameup: {} })
    const { body } = await asked<{ dialects: readonly Shown[] }>(both.h, 'GET', `/apps/${both.app}/readiness`)
    expect(body).toMatchObject({ counting: [] })
    expect(body.dialects.map(({ dialect, verdict }) => [dialect, verdict])).toEqual(
      ['flameup', 'pushwoosh'].map((name) => [
        name,
        {
          ...{ state: 'not_started', safeFrom: null },
          reasons: ['Nothing was imported, and no phone has called'],
        },
      ]),
    )
    expect((await asked(h, 'GET', '/apps/none/readiness')).status).toBe(404)
  })

  test('is ready from the share on that the operator set, and says what an app without import loses', async () => {
    const office = await createOffice({ pushwoosh: {} }, { env: { READY_SHARE: '0.5' } })
    await call(office, { id: 'new', token: fcm('new') })
    expect((await ready(office)).body.verdict).toEqual({
      state: 'running',
      safeFrom: null,
      reasons: [
        'No import contains the vendor’s devices, so the share is unknown',
        'Nothing was imported, so devices that only the vendor knows are lost when it is turned off',
      ],
    })
    await imported(office, [row('one'), row('two')])
    office.h.clock.advance(1000)
    await call(office, { id: 'one', token: fcm('one') })
    expect((await ready(office)).body.verdict).toMatchObject({ state: 'ready', safeFrom: '2026-11-25' })
  })

  test('counts a device that only an import took over as not seen', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await imported(office, [row('old')])
    office.h.clock.advance(1000)
    const query = `format=ndjson&dialect=pushwoosh&exportedAt=${office.h.clock.now.toISOString()}`
    await office.import(query, lines([{ externalId: 'new', platform: 'android', token: fcm('old') }]))
    expect((await ready(office)).body.totals).toMatchObject({ imported: 2, both: 0, live: 0 })
  })
})

describe(`a record on ${runtimeName}`, () => {
  test('keeps what was signed off, as JSON and as a page without scripts', async () => {
    const office = await story()
    const { h, app } = office
    const before = (await ready(office)).body
    const note = '<script>alert(1)</script> go'
    const signed = await asked(h, 'POST', `/apps/${app}/readiness/sign-off`, { dialect: 'pushwoosh', note })
    expect(signed.status).toBe(201)
    expect(signed.body).toMatchObject({ dialect: 'pushwoosh', actor: 'admin', note, document: before })
    await call(office, { id: 'silent', token: fcm('silent') })
    const path = `/apps/${app}/readiness/records`
    expect((await asked(h, 'GET', path)).body).toEqual({ records: [signed.body] })
    expect((await asked(h, 'GET', `${path}/${signed.body.id}`)).body).toEqual(signed.body)
    const page = await asked(h, 'GET', `${path}/${signed.body.id}/page`)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.text).toContain('50.0 %')
    expect(page.text).toContain(String(signed.body.sha256))
    expect(page.text).not.toContain('<script>')
    const audit = await asked<{ entries: readonly object[] }>(h, 'GET', `/audit?app=${app}`)
    expect(audit.body.entries).toContainEqual(
      expect.objectContaining({ action: 'readiness.signed', target: signed.body.id }),
    )
    expect((await asked(h, 'GET', `${path}/none`)).status).toBe(404)
  })

  test.each([
    [{ dialect: 'flameup' }, 'dialect'],
    [{ dialect: 'pushwoosh', note: '' }, 'note'],
    [{}, 'dialect'],
  ])('is not made of %j', async (body, path) => {
    const { h, app } = await createOffice({ pushwoosh: {} })
    const { status, text } = await asked(h, 'POST', `/apps/${app}/readiness/sign-off`, body)
    expect(status).toBe(400)
    expect(text).toContain(path)
  })
})
