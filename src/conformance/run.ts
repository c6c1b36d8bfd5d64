import { Mismatch } from './pattern.ts'
import { rowsOf } from './rows.ts'
import type { Caller, Samples, Tenant } from './samples.ts'

/** What came of a row: one line of a run. */
export interface Checked {
  readonly dialect: string
  readonly row: string
  readonly name: string
  readonly pass: boolean
  /** What was wrong; null where it passed. */
  readonly fault: string | null
  /** The last answer of the row, without its secrets. */
  readonly came: { readonly status: number; readonly body: string } | null
}

export interface RunOptions {
  readonly dialect: string
  readonly samples: Samples
  readonly caller: Caller
  /** The app at the server: ids and secrets, as our own app document holds them. */
  readonly app: Readonly<Record<string, unknown>>
}

/** Characters of an answer that are shown. */
const SHOWN = 300

/** Runs the rows of a dialect, one after the other. Never throws for what a server does. */
export async function* runRows({ dialect, samples, caller, app }: RunOptions): AsyncGenerator<Checked> {
  let came: Checked['came'] = null
  const h = watching(caller, (answer) => {
    came = answer
  })
  let headers: Tenant['headers'] = {}
  try {
    headers = (await samples.headers?.(h, app)) ?? {}
  } catch (error) {
    const name = 'gives a client its access token'
    yield { dialect, row: 'access-token', name, pass: false, fault: words(error), came: null }
    return
  }
  const tenant: Tenant = { h, dialect: app, headers }
  for (const { row, name, run } of rowsOf(samples)) {
    came = null
    try {
      await run(tenant)
      yield { dialect, row, name, pass: true, fault: null, came }
    } catch (error) {
      yield { dialect, row, name, pass: false, fault: words(error), came }
    }
  }
}

const words = (error: unknown): string => {
  if (error instanceof Mismatch) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function watching(caller: Caller, saw: (answer: Checked['came']) => void): Caller {
  return {
    async request(method, path, init) {
      const response = await caller.request(method, path, init)
      const { status } = response
      const body = await response.clone().text()
      saw({ status, body: body.length > SHOWN ? `${body.slice(0, SHOWN)}…` : body })
      return response
    },
  }
}
