import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentRefusal } from './present.ts'
import type { Refusals } from './refusals.ts'

const MOST = 1000
const LIMIT = `must be a whole number from 1 to ${MOST}`

/** Routes for refused calls, to find out why some phones do not appear after a migration. */
export function refusalRoutes(refusals: Refusals, dialects: readonly string[]) {
  const Query = z.strictObject({
    app: z.string().min(1).max(200).optional(),
    dialect: z.enum(dialects).optional(),
    limit: z
      .string()
      .regex(/^[0-9]{1,4}$/, LIMIT)
      .transform(Number)
      .refine((value) => value >= 1 && value <= MOST, LIMIT)
      .default(100),
  })

  return new Hono<AppEnv>().get('/refusals', check('query', Query), async (c) => {
    const filter = c.req.valid('query')
    const found = refusals.list(filter)
    // Refusals of a deleted app are still listed.
    if (filter.app !== undefined && found.length === 0) await requireApp(c.var.gateway, filter.app)
    return c.json({ refusals: found.map(presentRefusal) })
  })
}

async function requireApp({ directory }: AppEnv['Variables']['gateway'], app: string): Promise<void> {
  try {
    await directory.app(app)
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'app_unknown')) throw error
    const issue = { path: 'app', message: 'is not the id of an app' }
    throw new GatewayError('invalid', `app: ${issue.message}`, { at: 'app', issues: [issue], cause: error })
  }
}
