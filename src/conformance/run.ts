import { checkAnswer, jsonOf } from './calls.ts'
import { Mismatch } from './pattern.ts'
import { rowsOf } from './rows.ts'
import type { Answer, Caller, Samples, Tenant } from './samples.ts'

/** The result of a row: one line of a run. */
export interface Checked {
  readonly dialect: string
  readonly row: string
  readonly name: string
  readonly pass: boolean
  /** The fault; null if the row passed. */
  readonly fault: string | null
  /** The last answer of the row, without its secrets. */
  readonly came: { readonly status: number; readonly body: string } | null
}

export interface RunOptions {
  readonly dialect: string
  readonly samples: Samples
  readonly caller: Caller
  /** The app at the server, with the ids and secrets of our own app document. */
  readonly app: Readonly<Record<string, unknown>>
  /** Called for each request of the current row. */
  heard?(call: Heard): void
}

/** A call and its answer. */
export interface Heard {
  readonly method: string
  readonly path: string
  /** Whether the answer is a success of the dialect. */
  readonly done: boolean
}

/** Most characters of an answer that are shown. */
const SHOWN = 300

/** Runs the rows of a dialect one after another. Never throws because of the server's answers. */
export async function* runRows({
  dialect,
  samples,
  caller,
  app,
  heard,
}: RunOptions): AsyncGenerator<Checked> {
  let came: Checked['came'] = null
  const h = watching(caller, ({ method, path, response, text }) => {
    const { status, headers } = response
    came = { status, body: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text }
    heard?.({ method, path, done: isSuccess({ status, headers, text, json: jsonOf(text) }, samples) })
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

function isSuccess(answer: Answer, samples: Samples): boolean {
  try {
    checkAnswer(answer, 'accepted', samples)
    return true
  } catch {
    return false
  }
}

interface Seen {
  readonly method: string
  readonly path: string
  readonly response: Response
  readonly text: string
}

function watching(caller: Caller, saw: (seen: Seen) => void): Caller {
  return {
    async request(method, path, init) {
      const response = await caller.request(method, path, init)
      saw({ method, path, response, text: await response.clone().text() })
      return response
    },
  }
}
