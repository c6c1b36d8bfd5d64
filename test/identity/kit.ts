import type { DialectApp } from '../../src/domain/app.ts'
import type { Device } from '../../src/domain/device.ts'
import type { PushTokenDraft } from '../../src/domain/push-token.ts'
import type { TopicPolicy } from '../../src/domain/topic.ts'
import type { Registration } from '../../src/gateway/devices.ts'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { raw, sql, value } from '../../src/store/sql/template.ts'
import type { Store } from '../../src/store/store.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

/** The two ways in which a dialect identifies a device: by its own id, or by its token. */
export const KINDS = ['key', 'token'] as const
export const PAIRS = KINDS.flatMap((first) => KINDS.map((second) => [first, second] as const))

export const DIALECTS = ['red', 'green', 'blue'] as const
export type Dialect = (typeof DIALECTS)[number]

/** Fictitious dialects: red accepts any topic, green is strict, blue numbers its subscriptions. */
export const POLICIES: Record<Dialect, TopicPolicy> = {
  red: { maxLength: 200, refused: [], limit: 5000, automatic: [], ids: false },
  green: {
    maxLength: 5,
    refused: [{ holdsOtherThan: 'a-z' }, { holds: 'no' }],
    limit: 3,
    automatic: ['all'],
    ids: false,
  },
  blue: { maxLength: 200, refused: [], limit: 5000, automatic: ['default'], ids: true },
}

export interface RegisterOptions extends Partial<Omit<Registration, 'pushToken'>> {
  readonly token?: string | PushTokenDraft
}

/** One app that speaks all dialects, and short functions to act on it. */
export interface World {
  readonly h: Harness
  readonly appId: string
  readonly apps: Readonly<Record<Dialect, DialectApp>>
  /** The number of plans committed so far. */
  readonly commits: () => number
  register(
    dialect: Dialect,
    externalId: string,
    options?: RegisterOptions,
  ): Promise<Device & { created: boolean }>
  find(dialect: Dialect, externalId: string): Promise<Device | null>
  addTopics(dialect: Dialect, externalId: string, ...names: string[]): Promise<string>
  ref(dialect: Dialect, externalId: string): { app: DialectApp; externalId: string; cause: string }
  /** Every device of the app, newest first. */
  devices(): Promise<readonly Device[]>
  /** Everything stored about the app, table by table. */
  snapshot(): Promise<Readonly<Record<string, readonly Record<string, unknown>[]>>>
}

let counter = 0
/** A name that no other test has. */
export const unique = (prefix: string): string => `${prefix}-${crypto.randomUUID().slice(0, 8)}-${counter++}`

export const fcm = (token: string): PushTokenDraft => ({ provider: 'fcm', token })

const TABLES = ['devices', 'push_tokens', 'subscriptions', 'receipts', 'events'] as const
const rowsOf: readonly (readonly [string, Statement<Record<string, unknown>>])[] = [
  ...TABLES.map(
    (table) => [table, statement(sql`SELECT * FROM ${raw(table)} WHERE app_id = ${value('app')}`)] as const,
  ),
  [
    'tags',
    statement(
      sql`SELECT * FROM tags WHERE device_id IN (SELECT id FROM devices WHERE app_id = ${value('app')})`,
    ),
  ],
]

/**
 * `committed` gets the texts of every plan; `way`: how registrations are made, by default as in the gateway.
 */
export async function createWorld(
  settings: { carryOver?: boolean } = {},
  committed: (texts: string[]) => void = () => {},
  way?: (real: Store) => Store,
): Promise<World> {
  let commits = 0
  const counted = (real: Db): Db => ({
    read: real.read,
    commit<const Plan extends readonly Call[]>(plan: Plan) {
      commits++
      committed(plan.map(({ statement: { text } }) => text))
      return real.commit(plan)
    },
  })
  const h = await createHarness({ db: counted, ...(way && { store: way }) })
  const name = unique('app')
  const setup = { identifier: name, names: [name], options: {}, secrets: [] }
  const record = await h.gateway.directory.createApp({
    name,
    settings,
    dialects: new Map(DIALECTS.map((dialect) => [dialect, setup])),
  })
  async function appOf(dialect: Dialect): Promise<DialectApp> {
    const app = await h.gateway.apps.find(dialect, name)
    if (!app) throw new Error(`no app in ${dialect}`)
    return app
  }
  const apps = { red: await appOf('red'), green: await appOf('green'), blue: await appOf('blue') }
  const ref = (dialect: Dialect, externalId: string) => ({ app: apps[dialect], externalId, cause: 'test' })

  return {
    h,
    appId: record.id,
    apps,
    commits: () => commits,
    ref,
    async register(dialect, externalId, { token, ...options } = {}) {
      const { device, created } = await h.gateway.devices.register({
        ...ref(dialect, externalId),
        identity: 'key',
        platform: 'android',
        pushToken: typeof token === 'string' ? fcm(token) : token,
        policy: POLICIES[dialect],
        ...options,
      })
      return { ...device, created }
    },
    find: (dialect, externalId) => h.gateway.devices.find(ref(dialect, externalId)),
    addTopics: (dialect, externalId, ...names) =>
      h.gateway.topics.add({
        ...ref(dialect, externalId),
        names,
        policy: POLICIES[dialect],
        superseded: true,
      }),
    devices: async () =>
      (await h.gateway.directory.devices(record.id, {}, { after: null, limit: 100 })).items,
    async snapshot() {
      const results = await h.db.read(rowsOf.map(([, of]) => call(of, { app: record.id })))
      return Object.fromEntries(rowsOf.map(([table], at) => [table, results[at] ?? []]))
    },
  }
}

/** The current state of a token of the app, and whether its text is still stored. */
export async function tokenStates(world: World): Promise<Record<string, string>> {
  const { push_tokens: tokens = [] } = await world.snapshot()
  return Object.fromEntries(tokens.map((row) => [String(row.id), `${row.state} ${row.token}`.trim()]))
}
