import { type Context, Hono } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { type Neighbours, NO_NEIGHBOURS } from '../transfer/format.ts'
import { hasNul } from '../wire/path.ts'
import { activityRoutes } from './activity-routes.ts'
import { appRoutes } from './app-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { backupRoutes } from './backup-routes.ts'
import type { Backups } from './backups.ts'
import { credentialRoutes } from './credential-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { appDocuments } from './documents.ts'
import { exportRoutes } from './export-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { feedbackRoutes } from './feedback-routes.ts'
import { importRoutes } from './import-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { mirrorRoutes } from './mirror-routes.ts'
import { operatorRoutes } from './operator-routes.ts'
import { providerRoutes } from './provider-routes.ts'
import { readinessRoutes } from './readiness-routes.ts'
import { refusalRoutes } from './refusal-routes.ts'
import type { Refusals } from './refusals.ts'
import { reportRoutes } from './report-routes.ts'
import { signedIn } from './sign-in.ts'
import { statusRoutes } from './status-routes.ts'
import { undoRoutes } from './undo-routes.ts'
import { userRoutes } from './user-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

export interface AdminDeps {
  readonly adapters: readonly Adapter[]
  /** Import and export formats of vendors without an adapter. */
  readonly neighbours?: Neighbours | undefined
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly refusals: Refusals
  /** Present if the database is a local file. */
  readonly backups?: Backups | undefined
}

/** The operators' API (design.md, section 5), for mounting at `/admin/v1`. */
export function adminRoutes({
  adapters,
  neighbours = NO_NEIGHBOURS,
  adminToken,
  refusals,
  backups,
}: AdminDeps) {
  const documents = appDocuments(adapters)
  const names = adapters.map(({ name }) => name)

  return new Hono<AppEnv>()
    .use(signedIn(adminToken))
    .use(async (c, next) => {
      if (hasNul(c.req.url)) throw new GatewayError('bad_path', 'The path contains U+0000.')
      c.header('Cache-Control', 'no-store')
      await next()
    })
    .route('/', appRoutes(documents, adapters))
    .route('/', credentialRoutes(documents))
    .route('/', providerRoutes())
    .route('/', deviceRoutes(adapters))
    .route('/', feedRoutes())
    .route('/', userRoutes())
    .route('/', importRoutes(adapters, neighbours))
    .route('/', exportRoutes(adapters, neighbours))
    .route('/', messageRoutes(adapters))
    .route('/', mirrorRoutes())
    .route('/', readinessRoutes())
    .route('/', undoRoutes())
    .route('/', reportRoutes())
    .route('/', feedbackRoutes())
    .route('/', refusalRoutes(refusals, names))
    .route('/', webhookRoutes())
    .route('/', auditRoutes())
    .route('/', backupRoutes(backups))
    .route('/', activityRoutes(names))
    .route('/', operatorRoutes(adminToken))
    .route('/', statusRoutes())
    .route('/', keyRoutes())
}

/** The types of all calls, for a typed client. */
export type AdminApi = ReturnType<typeof adminRoutes>
