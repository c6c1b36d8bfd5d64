import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** An app's credential for a push service. */
export const providers = sqliteTable(
  'providers',
  {
    appId: text('app_id').notNull(),
    kind: text('kind').notNull(),
    /** Changes with every new credential, so that results for an earlier one are ignored. */
    version: text('version').notNull(),
    /** JSON, encrypted. */
    sealed: text('sealed').notNull(),
    /** JSON object: the credential without its secrets. */
    shown: text('shown').notNull(),
    /** The dialect from whose settings it comes; null if an operator set it. */
    dialect: text('dialect'),
    /** The service's verdict on the credential: `ok` or `refused`. */
    state: text('state').notNull(),
    reason: text('reason'),
    /** When it was first refused. */
    since: integer('since'),
    /** The circuit: consecutive failed probes. `restingUntil`: no requests before this time. */
    failures: integer('failures').notNull().default(0),
    restingUntil: integer('resting_until').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.kind] })],
)

/** Access tokens and signed JWTs of one version of a provider, shared by all processes and isolates. */
export const laneSecrets = sqliteTable(
  'lane_secrets',
  {
    appId: text('app_id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    /** A keyed hash of the secret, equal for equal secrets. */
    mark: text('mark').notNull(),
    sealed: text('sealed').notNull(),
    madeAt: integer('made_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.kind, t.name] })],
)
