import type { DialectApp } from '../src/domain/app.ts'
import { TABLES } from '../test/edge/round-trips/index.ts'
import type { DialectTable, Registered } from '../test/edge/round-trips/table.ts'
import { type ExampleRequest, send } from '../test/harness/example.ts'
import { type AppDocument, createHarness, type Harness } from '../test/harness/harness.ts'
import { adminCalls, adminRequest } from './hold-calls.ts'

export interface HoldOptions {
  readonly devices: number
  /** This dialect alone. */
  readonly dialect: string | undefined
  readonly say: (line: string) => void
}

/** What nobody should wait for longer: "Done when" of issue 8. */
const MOST = 50
const USER = 'user-of-many'
const AT_ONCE = 500
/** Milliseconds between two looks at the heap. */
const LOOK_EVERY = 20
/** The longest ones. */
const SHOWN = 40
const MIB = 1024 * 1024

type Measured = (name: string, run: () => Promise<number>) => Promise<void>

interface Held {
  readonly name: string
  readonly ms: number
  readonly took: number
  readonly status: number
}

/** The longest time during which nothing else had a turn while this ran. */
async function holdOf<T>(run: () => Promise<T>) {
  let longest = 0
  let heap = 0
  let last = performance.now()
  let looked = 0
  let running = true
  const turn = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (now - looked > LOOK_EVERY) {
      heap = Math.max(heap, process.memoryUsage().heapUsed)
      // Looking is no part of what is measured.
      looked = last = performance.now()
    }
    if (running) setImmediate(turn)
  }
  setImmediate(turn)
  const started = performance.now()
  const result = await run()
  const took = performance.now() - started
  await new Promise((resume) => setImmediate(resume))
  running = false
  return { result, longest, took, heap }
}

/** Fills an app, makes every call of every dialect and of the admin API once, and tells how long each held the others up. */
export async function measure({ devices, dialect, say }: HoldOptions): Promise<void> {
  const tables = TABLES.filter(({ adapter }) => dialect === undefined || adapter.name === dialect)
  const h = await createHarness({ env: { MAX_BULK_BYTES: '10485760' } })
  const app = await h.createApp(Object.fromEntries(tables.map(({ adapter }) => [adapter.name, {}])))
  const held: Held[] = []
  let most = 0
  const measured: Measured = async (name, run) => {
    const { result, longest, took, heap } = await holdOf(run)
    most = Math.max(most, heap)
    held.push({ name, ms: longest, took, status: result })
  }
  say(`filling ${devices.toLocaleString('en')} devices …`)
  const started = performance.now()
  await fill(h, app, tables, devices)
  say(`filled in ${((performance.now() - started) / 1000).toFixed(0)} s`)

  const deferred: Deferred[] = []
  for (const table of tables) deferred.push(...(await dialectCalls(h, app, table, measured)))
  const calls = adminCalls({ ...(await firstOf(h, app)), app: app.id, user: USER })
  const last = calls.at(-1)
  const admin = async (call: (typeof calls)[number]) =>
    withWhatFollows(h, `admin: ${call.name}`, adminRequest(call), measured)
  for (const call of calls.slice(0, -1)) await admin(call)
  // The calls that take a dialect with all of its devices stand before the one that takes the app.
  for (const call of deferred) await call()
  if (last) await admin(last)
  report(held, most, say)
}

function report(held: readonly Held[], heap: number, say: HoldOptions['say']): void {
  const line = ({ name, ms, took, status }: Held) =>
    `${ms.toFixed(1).padStart(9)} ms ${took.toFixed(0).padStart(8)} ms  ${String(status).padStart(3)}  ${name}`
  const ranked = [...held].sort((a, b) => b.ms - a.ms)
  say('\n     hold        took       call')
  for (const one of ranked.slice(0, SHOWN)) say(line(one))
  const over = ranked.filter(({ ms }) => ms > MOST)
  say(
    `\n${held.length} calls; ${over.length} held the event loop for more than ${MOST} ms; heap at most ${(heap / MIB).toFixed(0)} MiB`,
  )
}

/** Sends a request and reads its answer to the end; the status. */
async function asked(h: Harness, request: ExampleRequest): Promise<number> {
  const response = await send(h, request)
  // As a socket does: 46 MB put together in one go would be counted as the call's own.
  const reader = response.body?.getReader()
  while (reader && !(await reader.read()).done);
  return response.status
}

/** Lets what the calls have left go on until nothing waits; how many rounds that took. */
async function settled(h: Harness): Promise<number> {
  for (let round = 0; ; round++) {
    let more = false
    while (await h.gateway.jobs.step()) more = true
    const { done, faults } = await h.gateway.maintenance.run({ milliseconds: 5000, steps: 200 })
    if (faults[0]) throw faults[0].error
    if (!more && Object.keys(done).length === 0) return round
  }
}

/** A call after which little of the app is left, made when all others have been. */
type Deferred = () => Promise<void>

/** Makes every call of a dialect but those that end its app, or come after such a one: these it returns. */
async function dialectCalls(
  h: Harness,
  app: AppDocument,
  { adapter, register, deviceId, rows }: DialectTable,
  measured: Measured,
): Promise<readonly Deferred[]> {
  const dialect = app.dialects[adapter.name] ?? {}
  const deferred: Deferred[] = []
  for (const [at, row] of rows.entries()) {
    const token = `hold-${adapter.name}-${at}`
    const device = await deviceId(await send(h, await register(dialect, token, h)), token)
    const registered: Registered = { h, dialect, device }
    const before = (await row.given?.(registered)) ?? []
    const made = async () => {
      for (const one of before) await asked(h, one)
      const request = await row.call(registered)
      const path = request.path.split('?')[0]?.slice(0, 60)
      return { request, name: `${adapter.name}: ${row.situation} (${request.method} ${path})` }
    }
    const whole = async () => {
      const { name, request } = await made()
      await withWhatFollows(h, name, request, measured)
    }
    if (before.some(endsApp)) deferred.push(whole)
    else {
      const { name, request } = await made()
      if (endsApp(request)) deferred.push(() => withWhatFollows(h, name, request, measured))
      else await withWhatFollows(h, name, request, measured)
    }
  }
  return deferred
}

async function withWhatFollows(
  h: Harness,
  name: string,
  request: ExampleRequest,
  measured: Measured,
): Promise<void> {
  await measured(name, () => asked(h, request))
  await measured(`${name}, what follows`, () => settled(h))
}

const endsApp = ({ method, path }: ExampleRequest) => method === 'DELETE' && /\/apps\/[^/]+$/.test(path)

async function firstOf(h: Harness, app: AppDocument) {
  const found = await h.admin('GET', `/apps/${app.id}/devices?limit=1`)
  const { devices } = await found.json<{ devices: { id: string; installationId?: string }[] }>()
  const phones = await h.admin('GET', `/apps/${app.id}/installations?limit=1`)
  const { installations } = await phones.json<{ installations: { id: string }[] }>()
  return { device: devices[0]?.id ?? '', installation: installations[0]?.id ?? '', token: tokenOf(0) }
}

const tokenOf = (n: number) => `${String(n).padStart(12, '0')}:${'APA91b'.repeat(25)}`

/** Registers phones, spread over the dialects: a quarter of them of one user, with three topics, and two tags on every third. */
async function fill(
  h: Harness,
  app: AppDocument,
  tables: readonly DialectTable[],
  devices: number,
): Promise<void> {
  const apps: DialectApp[] = []
  for (const { adapter } of tables) {
    const shown = app.dialects[adapter.name] ?? {}
    const identifier =
      adapter.bases.length > 0 ? Object.values(shown).find((value) => typeof value === 'string') : ''
    const found = await h.gateway.apps.find(adapter.name, String(identifier))
    if (!found) throw new Error(`${adapter.name}: no app ${identifier}`)
    apps.push(found)
  }
  const policy = { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: true }
  const one = async (n: number) => {
    const [dialectApp = apps[0]] = [apps[n % apps.length]]
    if (!dialectApp) throw new Error('no dialect')
    const device = { app: dialectApp, externalId: `hold-${String(n).padStart(7, '0')}` }
    await h.gateway.devices.register({
      ...device,
      identity: 'key',
      platform: 'android',
      pushToken: { provider: 'fcm', token: tokenOf(n) },
      patch: {
        osVersion: '14',
        appVersion: '1.0.0',
        model: 'Pixel 8',
        user: { id: n % 4 === 0 ? USER : `user-${n}`, proved: false },
      },
      topics: { names: ['news', `city-${n % 500}`, `club-${Math.floor(n / 10)}`], when: 'created' },
      policy,
      cause: `hold-${n}`,
    })
    if (n % 3 > 0) return
    const changes = [{ name: 'Level', do: 'set', as: [{ type: 'number', value: n % 50 }] }] as const
    await h.gateway.tags.change({ ...device, changes })
  }
  for (let from = 0; from < devices; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, devices - from) }, (_, at) => one(from + at)))
  }
}
