import { storeFailure } from './failure.ts'
import { type Call, type Db, type Results, StoreUnavailable } from './port.ts'
import { boundValues, type Statement } from './statement.ts'

/**
 * A D1 database as a `Db`: a plan is one `batch()`, which D1 runs as one transaction in one round trip. Statements are
 * prepared once per handle, so keep the result as long as the isolate keeps the binding.
 */
export function openD1(d1: D1Database): Db {
  const prepared = new WeakMap<Statement, D1PreparedStatement>()

  function bind(call: Call): D1PreparedStatement {
    let ready = prepared.get(call.statement)
    if (!ready) {
      ready = d1.prepare(call.statement.text)
      prepared.set(call.statement, ready)
    }
    return ready.bind(...boundValues(call))
  }

  async function run<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>> {
    if (plan.length === 0) return [] as unknown[][] as Results<Plan>
    const bound = plan.map(bind)
    try {
      const answers = await d1.batch(bound)
      // The rows have the shape that each statement declares; D1 has no types to check that against.
      return answers.map((answer) => answer.results) as Results<Plan>
    } catch (error) {
      throw storeError(error)
    }
  }

  return { read: run, commit: run }
}

/** Transport and capacity troubles carry no SQLite code (Cloudflare, "Debug D1": error list). */
const PLATFORM =
  /D1_ERROR|D1_EXEC_ERROR|Network connection lost|overloaded|timed? ?out|\breset\b|exceeded (maximum|its)/i

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`.trim()
  const failure = storeFailure(text, error)
  if (failure) return failure
  // A schema that is not there yet is the operator's to apply; any other SQLite code is a fault in our SQL.
  const ours = /SQLITE_[A-Z]+/.test(text) && !/no such table/.test(text)
  return PLATFORM.test(text) && !ours ? new StoreUnavailable(text, { cause: error }) : error
}
