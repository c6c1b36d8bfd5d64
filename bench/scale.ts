import Database from 'better-sqlite3'
import { openNodeDb } from '../src/store/node.ts'
import type { Call, Db } from '../src/store/port.ts'
import { sqliteStore } from '../src/store/sqlite.ts'
import type { RegistrationDraft, Store } from '../src/store/store.ts'
import { PHONES_A_TOPIC, queriesOf } from './scale-queries.ts'

export interface ScaleOptions {
  readonly file: string
  readonly most: number
  /** When to give up, in milliseconds of the epoch. */
  readonly until: number
  readonly say: (line: string) => void
}

const APP = 'app-1'
const CHUNK = 500
const RUNS = 50
const START = Date.UTC(2026, 0, 1)

/** Fills a database step by step and measures it at each. */
export async function measure({ file, most, until, say }: ScaleOptions): Promise<void> {
  const db = openNodeDb(file, 'schema/migrations')
  const recorded: Call[] = []
  const store = sqliteStore(recording(db, recorded), () => new Date(START))
  await createApp(store)
  let held = 0
  try {
    for (const target of [1000, 100_000, 1_000_000].filter((step) => step <= most)) {
      const from = performance.now()
      const added = target - held
      while (held < target) {
        if (Date.now() > until) throw new Error(`out of time at ${held} devices`)
        await addPhones(store, held, Math.min(CHUNK, target - held))
        held += Math.min(CHUNK, target - held)
      }
      const perSecond = Math.round((added / (performance.now() - from)) * 1000)
      say(`\n${held.toLocaleString('en')} devices (${perSecond.toLocaleString('en')} added a second)`)
      sizes(file, held, say)
      await timings(store, recorded, { file, held, say })
    }
  } finally {
    await db.close()
  }
}

function recording(db: Db, recorded: Call[]): Db {
  return {
    read(plan) {
      recorded.push(...plan)
      return db.read(plan)
    },
    commit(plan, options) {
      recorded.push(...plan)
      return db.commit(plan, options)
    },
  }
}

const createApp = (store: Store) =>
  store.apps.create(
    {
      id: APP,
      name: 'scale',
      settings: { carryOver: true },
      vapid: { publicKey: 'p', sealedPrivateKey: 's', subject: 'mailto:a@b.example' },
      dialects: [{ dialect: 'one', identifier: 'one', names: ['one'], options: {}, credentials: [] }],
    },
    new Date(START),
  )

/** A phone as most are: an FCM token of 163 characters, a user on every second, three topics, two tags on every third. */
export function draftOf(phone: number): RegistrationDraft {
  const number = String(phone).padStart(12, '0')
  return {
    key: { appId: APP, dialect: 'one', externalId: `fcm-6b0e0f0e-0000-4000-8000-${number}` },
    deviceId: `0199e0f0-0000-7000-8000-${number}`,
    identity: 'key',
    existing: false,
    platform: 'android',
    token: {
      id: `0199e0f1-0000-7000-8000-${number}`,
      provider: 'fcm',
      hash: number.repeat(6).slice(0, 64),
      token: `${number}:${'APA91b'.repeat(25)}`,
      environment: 'unknown',
      keys: null,
    },
    patch: {
      sdkVersion: '1.9.2',
      osVersion: '14',
      details: { metadata: { sdkVersion: '1.9.2', androidVersion: '14' } },
      ...(phone % 2 === 0 && { user: { id: `user-${phone}`, proved: true } }),
    },
    topics: {
      names: ['news', `city-${phone % 500}`, `club-${Math.floor(phone / PHONES_A_TOPIC)}`],
      when: 'always',
    },
    policy: { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: false },
    carryOver: true,
  }
}

async function addPhones(store: Store, from: number, count: number): Promise<void> {
  const phones = Array.from({ length: count }, (_, n) => from + n)
  await Promise.all(
    phones.map((phone) =>
      store.devices.register(draftOf(phone), { at: new Date(START + phone * 10), cause: `request-${phone}` }),
    ),
  )
  await Promise.all(
    phones
      .filter((phone) => phone % 3 === 0)
      .map((phone) => {
        const set = (name: string, value: string | number) =>
          ({ name, do: 'set', as: [{ type: typeof value, value }] }) as const
        return store.tags.change(
          draftOf(phone).key,
          [set('Level', phone % 9), set('Name', 'Ann')],
          new Date(START),
        )
      }),
  )
}

function sizes(file: string, devices: number, say: (line: string) => void): void {
  const client = new Database(file, { readonly: true })
  const rows = client
    .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC')
    .all() as { name: string; bytes: number }[]
  client.close()
  const whole = rows.reduce((sum, { bytes }) => sum + bytes, 0)
  say(`  bytes per device: ${Math.round(whole / devices)} (whole file ${(whole / 1e6).toFixed(1)} MB)`)
  for (const { name, bytes } of rows.filter((row) => row.bytes > whole / 100)) {
    say(`    ${String(Math.round(bytes / devices)).padStart(5)}  ${name}`)
  }
}

/** The median time of each query, and what of its plan walks a table or sorts. */
async function timings(
  store: Store,
  recorded: Call[],
  { file, held, say }: { file: string; held: number; say: (line: string) => void },
): Promise<void> {
  const client = new Database(file, { readonly: true })
  for (const { name, run } of queriesOf(store, held)) {
    recorded.length = 0
    const times: number[] = []
    const end = Date.now() + 10_000
    for (let n = 0; n < RUNS && Date.now() < end; n++) {
      const from = performance.now()
      await run(n)
      times.push(performance.now() - from)
    }
    const statements = new Set(recorded.map(({ statement }) => statement.text))
    const walks = [...statements].flatMap((text) => walked(client, text))
    const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0
    say(
      `  ${median.toFixed(3).padStart(10)} ms  ${name.padEnd(38)} ${[...new Set(walks)].join('; ')}`.trimEnd(),
    )
  }
  client.close()
}

function walked(client: Database.Database, text: string): string[] {
  const plan = client.prepare(`EXPLAIN QUERY PLAN ${text}`)
  const values = [...text.matchAll(/\?/g)].map(() => null)
  return (plan.all(values) as { detail: string }[])
    .map(({ detail }) => detail)
    .filter(
      (detail) =>
        /^SCAN (?!json_each|j\b|o\b VIRTUAL|\(subquery|CONSTANT)/.test(detail) || /TEMP B-TREE/.test(detail),
    )
    .filter((detail) => !/VIRTUAL TABLE/.test(detail))
}
