import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { limitFailures } from '../../src/wire/credentials.ts'
import { type Fault, fault } from './errors.ts'
import { SECRET_KEY } from './provisioning.ts'

/** Requires one of the app's keys, which only the customer's server has. */
export async function requireSecretKey(
  c: Request,
  app: DialectApp,
  faults: { readonly missing: Fault; readonly wrong: Fault },
): Promise<void> {
  const presented = bearerToken(c.req.header('authorization'))
  if (presented === 'missing') throw fault(faults.missing)
  // The vendor has accepted this call.
  if (c.get('notes').vendor) return
  const match = await limitFailures(c, app.app.id, () =>
    presented === 'malformed' ? null : c.get('gateway').apps.verify(app, [SECRET_KEY], presented.token),
  )
  if (!match) throw fault(faults.wrong)
}
