import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Makes a value once per request, a failure included: for what identifies the app of a request and is needed to handle
 * it, too.
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
