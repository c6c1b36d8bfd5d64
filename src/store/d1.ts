import { type Call, ConstraintViolated, type Db, type Results, StoreUnavailable } from './port.ts'
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
    try {
      const answers = await d1.batch(plan.map(bind))
      // The rows have the shape that each statement declares; D1 has no types to check that against.
      return answers.map((answer) => answer.results) as Results<Plan>
    } catch (error) {
      throw storeError(error)
    }
  }

  return { read: run, commit: run }
}

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
  if (/constraint failed/i.test(text)) return new ConstraintViolated(text, { cause: error })
  // D1's own troubles all begin so (Cloudflare, "Debug D1": error list); a fault in our SQL says SQLITE_ERROR.
  if (/D1_ERROR|D1_EXEC_ERROR|Network connection lost|overloaded|timeout|reset/i.test(text)) {
    return /SQLITE_ERROR|syntax error|no such/i.test(text) && !/no such table/i.test(text)
      ? error
      : new StoreUnavailable(text, { cause: error })
  }
  return error
}
