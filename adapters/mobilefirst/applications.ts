import type { DialectApp } from '../../src/domain/app.ts'
import { isRemoved } from './caller.ts'
import { Challenge, fault } from './errors.ts'
import type { AppsCall, Operations } from './operations.ts'
import { applicationScope, MOST_APPLICATION_ID } from './provisioning.ts'
import { covers, neededScope } from './scopes.ts'
import { optionalFlag, requiredText } from './values.ts'

/** A disabled application gets no messages. */
export const isEnabled = (app: DialectApp): boolean => app.options.enabled !== false
const flagText = (flag: boolean) => (flag ? 'true' : 'false')
const present = (app: DialectApp, enabled = isEnabled(app)) => ({
  applicationId: app.identifier,
  enabled: flagText(enabled),
})

/** Push Application and Push Applications (section 5.6). New tenants are created only through the admin API. */
export function applicationOperations(on: Operations): void {
  on.apps({ method: 'GET', path: '/apps', scopes: ['apps.read'], negotiated: true }, listApplications)
  on.apps(
    { method: 'POST', path: '/apps', scopes: ['apps.write'], negotiated: true, body: 'json' },
    restoreApplication,
  )
  on.app({ method: 'GET', path: '/apps/:app', scopes: ['apps.read'], negotiated: true }, async ({ c, app }) =>
    c.json(present(app)),
  )
  on.app(
    { method: 'GET', path: '/apps/:app/status', scopes: ['apps.read'], negotiated: true },
    async ({ c, app }) => c.json({ enabled: flagText(isEnabled(app)) }),
  )
  on.app(
    { method: 'PUT', path: '/apps/:app/status', scopes: ['apps.write'], negotiated: true, body: 'json' },
    async ({ c, app, body }) => {
      const enabled = optionalFlag(body, 'enabled')
      if (enabled === undefined) throw fault('badValue', 'enabled')
      await c.get('gateway').apps.changeOptions(app, { enabled: enabled ? null : false })
      return c.json(present(app, enabled))
    },
  )
  on.app(
    { method: 'DELETE', path: '/apps/:app', scopes: ['apps.write'], negotiated: false, exact: true },
    async ({ c, app }) => {
      if (!(await c.get('gateway').apps.clear(app, { removed: true, enabled: null }))) {
        throw fault('notFound', app.identifier)
      }
      return c.body(null, 204)
    },
  )
}

/** Lists the token's applications; a client belongs to exactly one. */
async function listApplications({ c, caller }: AppsCall): Promise<Response> {
  const { app } = caller
  await c.get('tenant').enter(app)
  const covered =
    !isRemoved(app) && (caller.kind !== 'client' || covers(caller.scopes, applicationScope(app.identifier)))
  const count = covered ? '1' : '0'
  return c.json({
    applications: covered ? [{ applicationId: app.identifier }] : [],
    pageInfo: { count, totalCount: count, next: '', previous: '' },
  })
}

/** Restores an application that DELETE removed, without its former data. */
async function restoreApplication({ c, caller, body }: AppsCall): Promise<Response> {
  const applicationId = requiredText(body, 'applicationId', MOST_APPLICATION_ID)
  const enabled = optionalFlag(body, 'enabled') ?? true
  const { app } = caller
  await c.get('tenant').enter(app)
  const allowed =
    app.identifier === applicationId &&
    (caller.kind !== 'client' || covers(caller.scopes, applicationScope(applicationId)))
  if (!allowed) {
    const scope = neededScope({ anyOf: ['apps.write'], application: applicationId })
    throw new Challenge('forbidden', `Bearer error="insufficient_scope", scope="${scope}"`)
  }
  if (!isRemoved(app)) throw fault('exists', applicationId)
  const patch = { removed: null, enabled: enabled ? null : false }
  if (!(await c.get('gateway').apps.clear(app, patch))) throw fault('exists', applicationId)
  return c.json(present(app, enabled), 201)
}
