import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { drivers, newPhone, openShop, type Shop } from '../cross/dialects.ts'
import { createOffice, fcm, type Office, officeOf } from './kit.ts'

type Line = Readonly<Record<string, unknown>>
const line = (of: object) => `${JSON.stringify(of)}\n`
const linesOf = (text: string): readonly Line[] =>
  text.split('\n').flatMap((one) => (one === '' ? [] : [JSON.parse(one)]))
const devicesOf = (text: string) => linesOf(text).filter(({ type }) => type === 'device')

/** Values that the gateway itself sets, which a file cannot contain (migration.md 5). */
const OWN = ['id', 'installationId', 'updatedAt', 'importedAt', 'liveAt']
/** The lines without these values and without the app's id. */
const portable = (text: string): string =>
  text
    .replaceAll(new RegExp(`"(${OWN.join('|')})":("[^"]*"|null|true|false),?`, 'g'), '')
    .replace(/"app":"[^"]*","exportedAt":"[^"]*"/, '')
    .replaceAll(',}', '}')

const P256DH = `B${'A'.repeat(86)}`
/** Rows with all possible values, including odd ones. */
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

/** How many devices that adds. */
const TAKEN_OVER = 2
/** A device whose token another one took over: the export contains the time. */
async function takenOver(shop: Shop) {
  const pushwoosh = drivers.find(({ name }) => name === 'pushwoosh')
  const before = newPhone({ user: 'bert' })
  await pushwoosh?.register(shop, before)
  shop.h.clock.advance(1000)
  await pushwoosh?.register(shop, newPhone({ token: before.token }))
  shop.h.clock.advance(1000)
}

async function filled(): Promise<{ shop: Shop; office: Office }> {
  const shop = await openShop()
  for (const driver of drivers)
    await driver.register(shop, newPhone({ user: 'anna', ...(driver.topics && { topics: ['news', 'a'] }) }))
  await takenOver(shop)
  const office = officeOf(shop.h, shop.app.id)
  const taken = await office.import('format=ndjson', ROWS.map(line).join(''))
  expect(taken.outcomes).toMatchObject({ created: ROWS.length })
  return { shop, office }
}

/** Subscriptions keep their ids if those are free, as after the removal of the app with all of its data. */
async function emptied({ h, app }: Office) {
  await h.admin('DELETE', `/apps/${app}`)
  while ((await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 1000 })).more);
}

async function empty(): Promise<Office> {
  const { h, app } = await openShop()
  // The file is older than the gateway that imports it.
  h.clock.advance(60_000)
  return officeOf(h, app.id)
}

describe(`9.3 an export on ${runtimeName}`, () => {
  test('has every device of every dialect, between a first and a last line', async () => {
    const { shop, office } = await filled()
    const text = await office.export('format=ndjson')
    const lines = linesOf(text)
    const count = drivers.length + TAKEN_OVER + ROWS.length
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

  test.each([
    ['has a token', { token: fcm('kept') }, null],
    ['has none', {}, '2026-01-02T03:04:05.000Z'],
    ['says no time', { supersededAt: 'then' }, null],
  ])('takes for a device that was taken over none that %s', async (_, more, supersededAt) => {
    const office = await empty()
    const row = {
      ...{ dialect: 'pushwoosh', externalId: 'd', platform: 'android' },
      ...{ supersededAt: '2026-01-02T03:04:05.000Z', ...more },
    }
    await office.import('format=ndjson', line(row))
    const [device] = devicesOf(await office.export('format=ndjson'))
    expect(device?.supersededAt).toBe(supersededAt)
    // Existing values win: a later row does not change them.
    await office.import('format=ndjson', line({ ...row, supersededAt: '2026-02-02T03:04:05.000Z' }))
    expect(devicesOf(await office.export('format=ndjson'))).toMatchObject([{ supersededAt }])
  })

  test('takes that also for a row that is not like the others: its tag does not fit the type in use', async () => {
    const shop = await openShop()
    const phone = newPhone()
    await drivers.find(({ name }) => name === 'pushwoosh')?.register(shop, phone)
    const application = shop.setup('pushwoosh', 'applicationCode')
    const body = { request: { application, hwid: phone.id, tags: { Level: 7 } } }
    expect((await shop.h.request('POST', '/json/1.3/setTags', { body })).status).toBe(200)
    const office = officeOf(shop.h, shop.app.id)
    const row = {
      ...{ dialect: 'pushwoosh', externalId: 'misfit', platform: 'android', tags: { Level: 'high' } },
      supersededAt: '2026-01-02T03:04:05.000Z',
    }
    const taken = await office.import('format=ndjson', line(row))
    expect(taken).toMatchObject({ outcomes: { created: 1 }, warnings: { tags_ignored: 1, no_token: 1 } })
    const device = devicesOf(await office.export('format=ndjson')).find((one) => one.externalId === 'misfit')
    expect(device).toMatchObject({ supersededAt: '2026-01-02T03:04:05.000Z', token: null })
  })

  const MAPPING = {
    externalId: 'id',
    platform: 'os',
    userId: 'who',
    topics: 'lists',
    tags: ['level'],
    appVersion: 'app',
  }
  const ZEROS = {
    ndjson: line({
      externalId: '007',
      platform: 'android',
      userId: '007',
      topics: ['007'],
      tags: { level: '007' },
      appVersion: '007',
    }),
    csv: 'externalId,platform,userId,topics,tags,appVersion\r\n007,android,007,"[""007""]","{""level"":""007""}",007\r\n',
    mapped: 'id,os,who,lists,level,app\r\n007,android,007,007,007,007\r\n',
  }
  test.each(Object.entries(ZEROS))(
    'keeps 007 a text wherever it stands, there and back: %s',
    async (name, file) => {
      const format = name === 'ndjson' ? 'ndjson' : 'csv'
      const more = name === 'mapped' ? `&mapping=${encodeURIComponent(JSON.stringify(MAPPING))}` : ''
      let office = await empty()
      let query = `format=${format}${more}`
      let sent = file
      for (const _ of ['from the file', 'from our own export']) {
        const taken = await office.import(`${query}&dialect=backendless`, sent)
        expect(taken).toMatchObject({ outcomes: { created: 1 }, reasons: {} })
        const [device] = devicesOf(await office.export('format=ndjson'))
        expect(device).toMatchObject({
          ...{ externalId: '007', userId: '007', appVersion: '007', topics: ['007'] },
          ...{ tags: { level: '007' }, tagTypes: { level: 'string' } },
        })
        query = `format=${format}`
        sent = await office.export(query)
        expect(sent.split('007').length - 1).toBeGreaterThanOrEqual(5)
        office = await empty()
      }
    },
  )

  test.each(drivers.map(({ name }) => name))('is the same again as a table: %s', async (dialect) => {
    const { office } = await filled()
    const text = await office.export(`format=csv&dialect=${dialect}`)
    await emptied(office)
    const other = await empty()
    await other.import(`format=csv&dialect=${dialect}`, text)
    // A table has no column for unusual forms of tokens.
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
    // Devices removed meanwhile are absent, changed ones have their new state, and new ones are not included.
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
