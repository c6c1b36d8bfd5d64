import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { drivers, newPhone, openShop, type Shop } from '../cross/dialects.ts'
import { createOffice, fcm, type Office, officeOf } from './kit.ts'

type Line = Readonly<Record<string, unknown>>
const line = (of: object) => `${JSON.stringify(of)}\n`
const linesOf = (text: string): readonly Line[] =>
  text.split('\n').flatMap((one) => (one === '' ? [] : [JSON.parse(one)]))
const devicesOf = (text: string) => linesOf(text).filter(({ type }) => type === 'device')

/** What a gateway gives a device itself, and no file can say (migration.md 2.7). */
const OWN = ['id', 'installationId', 'active', 'updatedAt', 'importedAt', 'liveAt', 'supersededAt']
/** The lines as they are, but for that and for which app they are of. */
const portable = (text: string): string =>
  text
    .replaceAll(new RegExp(`"(${OWN.join('|')})":("[^"]*"|null|true|false),?`, 'g'), '')
    .replace(/"app":"[^"]*","exportedAt":"[^"]*"/, '')
    .replaceAll(',}', '}')

const P256DH = `B${'A'.repeat(86)}`
/** Rows that have everything, and what is odd. */
const ROWS = [
  {
    dialect: 'pushwoosh',
    externalId: 'whole',
    platform: 'ios',
    environment: 'sandbox',
    token: 'AB'.repeat(32),
    userId: '=1+1',
    userProved: true,
    tags: { 10: 'x', 9: '2026-01-01', list: ['a', '"b",\n'], price: 7, yes: true, é: 'ü' },
    tagTypes: { 10: 'string', 9: 'date', list: 'list', price: 'price', yes: 'boolean', é: 'string' },
    enabled: false,
    name: 'line\r\nbreak',
    model: '"quoted", with comma',
    osVersion: '-1',
    appVersion: '1.0',
    sdkVersion: '6',
    language: 'pt',
    timezone: '3600',
    details: { badge: 3, nested: { a: [1, null] } },
    expiresAt: '2099-01-01T00:00:00.000Z',
    createdAt: '2024-01-02T03:04:05.006Z',
    lastSeenAt: '2025-01-02T03:04:05.006Z',
  },
  { dialect: 'pushwoosh', platform: 'android', token: fcm('nameless') },
  { dialect: 'pushwoosh', externalId: 'odd', platform: 'ios', token: ' xyz ', tokenForm: 'any' },
  {
    dialect: 'pushwoosh',
    externalId: 'browser',
    platform: 'web',
    token: 'https://push.example/one',
    keys: { p256dh: P256DH, auth: 'A'.repeat(22) },
  },
  { dialect: 'pushwoosh', externalId: 'tokenless', platform: 'android' },
  {
    dialect: 'backendless',
    externalId: 'numbered',
    platform: 'android',
    token: fcm('numbered'),
    topics: ['default', 'news'],
  },
]

async function filled(): Promise<{ shop: Shop; office: Office }> {
  const shop = await openShop()
  for (const driver of drivers)
    await driver.register(shop, newPhone({ user: 'anna', ...(driver.topics && { topics: ['news', 'a'] }) }))
  const office = officeOf(shop.h, shop.app.id)
  const taken = await office.import('format=ndjson', ROWS.map(line).join(''))
  expect(taken.outcomes).toMatchObject({ created: ROWS.length })
  return { shop, office }
}

/** Subscriptions keep their ids where nobody has them: the app goes, with all that it has. */
async function emptied({ h, app }: Office) {
  await h.admin('DELETE', `/apps/${app}`)
  while ((await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 1000 })).more);
}

async function empty(): Promise<Office> {
  const { h, app } = await openShop()
  return officeOf(h, app.id)
}

describe(`9.3 an export on ${runtimeName}`, () => {
  test('has every device of every dialect, between a first and a last line', async () => {
    const { shop, office } = await filled()
    const text = await office.export('format=ndjson')
    const lines = linesOf(text)
    const count = drivers.length + ROWS.length
    const at = shop.h.clock.now.toISOString()
    expect(lines[0]).toEqual({ type: 'pushport-export', version: 1, app: shop.app.id, exportedAt: at })
    expect(lines.at(-1)).toEqual({ type: 'end', devices: count })
    const ids = devicesOf(text).map(({ id }) => String(id))
    expect(ids).toEqual([...ids].sort())
    expect(ids).toHaveLength(count)
    const shown = await shop.devices()
    for (const device of devicesOf(text))
      expect(device).toMatchObject(shown.find(({ id }) => id === device.id) ?? {})
  })

  test('is the same again once an empty gateway has it', async () => {
    const { office } = await filled()
    const text = await office.export('format=ndjson')
    await emptied(office)
    const other = await empty()
    const taken = await other.import('format=ndjson', text)
    expect(taken).toMatchObject({ outcomes: { created: devicesOf(text).length }, reasons: {} })
    const again = await other.export('format=ndjson')
    expect(portable(again)).toBe(portable(text))
    expect((await other.import('format=ndjson', again)).outcomes).toMatchObject({
      unchanged: devicesOf(text).length,
    })
  })

  test.each(drivers.map(({ name }) => name))('is the same again as a table: %s', async (dialect) => {
    const { office } = await filled()
    const text = await office.export(`format=csv&dialect=${dialect}`)
    await emptied(office)
    const other = await empty()
    await other.import(`format=csv&dialect=${dialect}`, text)
    // The columns of a table cannot say that a token may have any form.
    const kept = text.split('\r\n').filter((row) => !row.includes(',odd,'))
    expect(await other.export(`format=csv&dialect=${dialect}`)).toBe(kept.join('\r\n'))
  })

  test('names who took it, and is a file that nothing keeps', async () => {
    const { h, app } = await createOffice({ pushwoosh: {} })
    const answer = await h.admin('GET', `/apps/${app}/export?format=csv&provider=fcm`)
    const date = h.clock.now.toISOString().slice(0, 10)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${app}-${date}.csv"`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const { entries } = await (await h.admin('GET', `/audit?app=${app}&limit=1`)).json<{ entries: Line[] }>()
    expect(entries).toMatchObject([
      {
        action: 'devices.exported',
        actor: 'admin',
        detail: { format: 'csv', provider: 'fcm', resumed: false },
      },
    ])
  })

  test('goes on behind any device, and gives the rest exactly', async () => {
    const { office } = await filled()
    const whole = devicesOf(await office.export('format=ndjson'))
    for (const [at, { id }] of whole.entries()) {
      const rest = linesOf(await office.export(`format=ndjson&cursor=${id}`))
      expect(rest).toEqual([
        ...whole.slice(at + 1).map((one) => one),
        { type: 'end', devices: whole.length - at - 1 },
      ])
    }
  })

  test.each([
    ['dialect=backendless', 'dialect', 'backendless'],
    ['provider=webpush', 'provider', 'webpush'],
    ['platform=ios', 'platform', 'ios'],
    ['active=false', 'active', false],
  ])('leaves out what its filter does not match: %s', async (query, member, value) => {
    const { office } = await filled()
    const all = devicesOf(await office.export('format=ndjson'))
    const some = devicesOf(await office.export(`format=ndjson&${query}`))
    expect(some).toEqual(all.filter((device) => device[member] === value))
    expect(some.length).toBeGreaterThan(0)
    expect(some.length).toBeLessThan(all.length)
  })

  test('has nothing of another app', async () => {
    const { office } = await filled()
    const { id } = await office.h.createApp({ pushwoosh: {} })
    const text = await officeOf(office.h, id).export('format=ndjson')
    expect(linesOf(text).map(({ type }) => type)).toEqual(['pushport-export', 'end'])
  })

  test('has apostrophes before formulas where a spreadsheet will open it', async () => {
    const { office } = await filled()
    expect(await office.export('format=csv')).toContain(',=1+1,')
    const safe = await office.export('format=csv&excel=safe')
    expect(safe).toMatch(/^\ufeffdialect,externalId,/)
    expect(safe).toContain(",'=1+1,")
    expect(safe).toContain(",'-1,")
  })

  test.each([
    ['no format', ''],
    ['a format that there is not', 'format=xml'],
    ['a parameter that there is not', 'format=csv&limit=3'],
    ['a place in a table', 'format=csv&cursor=x'],
    ['a spreadsheet of lines', 'format=ndjson&excel=safe'],
    ['a dialect that there is not', 'format=ndjson&dialect=xmpp'],
  ])('is refused for %s', async (_, query) => {
    const { h, app } = await createOffice({ pushwoosh: {} })
    expect((await h.admin('GET', `/apps/${app}/export?${query}`)).status).toBe(400)
    expect((await h.admin('GET', `/apps/none/export?format=csv`)).status).toBe(404)
  })
})

describe(`9.3 a reader of an export on ${runtimeName}`, () => {
  const COUNT = 1000
  async function crowd() {
    const office = await createOffice({ pushwoosh: {} })
    const rows = Array.from({ length: COUNT }, (_, at) =>
      line({ externalId: `d${at}`, platform: 'android', token: fcm(`d${at}-`) }),
    )
    const taken = await office.import('format=ndjson&dialect=pushwoosh', rows.join(''), { rows: 500 })
    expect(taken.outcomes).toMatchObject({ created: COUNT })
    return office
  }
  const rest = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
    let text = ''
    const decoder = new TextDecoder()
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return text
      text += decoder.decode(value, { stream: true })
    }
  }

  test('that is slow is waited for: devices are read when it takes them', async () => {
    const office = await crowd()
    const reader = await office.reader('format=ndjson')
    const first = new TextDecoder().decode((await reader.read()).value)
    expect(devicesOf(first).length).toBeLessThanOrEqual(200)
    const devices = await office.devices('externalId=d999')
    const last = String(devices.get('d999')?.id)
    office.h.clock.advance(1000)
    // Those that go meanwhile are not in it, those that change are as they are by then, and those that come are not.
    await office.h.admin('DELETE', `/apps/${office.app}/devices/${last}`)
    await office.import(
      'format=ndjson&dialect=pushwoosh',
      line({ externalId: 'd998', platform: 'android', token: fcm('d998-'), model: 'new' }) +
        line({ externalId: 'late', platform: 'android', token: fcm('late') }),
    )
    const found = devicesOf(first + (await rest(reader)))
    const names = found.map(({ externalId }) => externalId)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(Array.from({ length: COUNT - 1 }, (_, at) => `d${at}`))
    expect(found.at(-1)).toMatchObject({ externalId: 'd998', model: 'new' })
  })

  test('that goes away ends it', async () => {
    const office = await crowd()
    const reader = await office.reader('format=ndjson')
    await reader.read()
    await reader.cancel()
    expect(await reader.closed).toBeUndefined()
  })
})
