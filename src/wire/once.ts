import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Computes a value once per request, and keeps an error too: for values that are needed both to identify the
 * app of a request and to handle it.
 */
export function oncePerRequest<Value extends object>(
  make: (c: Context<AppEnv>) => Value,
): (c: Context<AppEnv>) => Value {
  const made = new WeakMap<globalThis.Request, Value>()
  return (c) => {
    const known = made.get(c.req.raw)
    if (known !== undefined) return known
    const value = make(c)
    made.set(c.req.raw, value)
    return value
  }
}
