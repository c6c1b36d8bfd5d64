import type { DialectTable, Registered } from '../../test/edge/round-trips/table.ts'
import { type ExampleRequest, send } from '../../test/harness/example.ts'
import type { AppDocument, Harness } from '../../test/harness/harness.ts'

export type Measured = (name: string, run: () => Promise<number>) => Promise<void>

/** Sends a request and reads its whole answer; returns the status. */
async function asked(h: Harness, request: ExampleRequest): Promise<number> {
  const response = await send(h, request)
  // In chunks, as from a socket: joining 46 MB would count as the call's own time.
  const reader = response.body?.getReader()
  while (reader && !(await reader.read()).done);
  return response.status
}

/** Waits until the work that the calls started has finished; returns the number of rounds. */
async function settled(h: Harness): Promise<number> {
  for (let round = 0; ; round++) {
    let more = false
    while (await h.gateway.jobs.step()) more = true
    const { done, faults } = await h.gateway.maintenance.run({ milliseconds: 5000, steps: 200 })
    if (faults[0]) throw faults[0].error
    if (!more && Object.keys(done).length === 0) return round
  }
}

/** A call that removes most of the app, made after all others. */
export type Deferred = () => Promise<void>

/** Makes every call of a dialect except those that end its app or must follow such a call; returns these. */
export async function dialectCalls(
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

export async function withWhatFollows(
  h: Harness,
  name: string,
  request: ExampleRequest,
  measured: Measured,
): Promise<void> {
  await measured(name, () => asked(h, request))
  await measured(`${name}, what follows`, () => settled(h))
}

const endsApp = ({ method, path }: ExampleRequest) => method === 'DELETE' && /\/apps\/[^/]+$/.test(path)
