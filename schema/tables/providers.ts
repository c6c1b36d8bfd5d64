import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** An app's credential for a push service. */
export const providers = sqliteTable(
  'providers',
  {
    appId: text('app_id').notNull(),
    kind: text('kind').notNull(),
    /** Another one with every credential: what was found out about an earlier one does not count. */
    version: text('version').notNull(),
    /** JSON, encrypted. */
    sealed: text('sealed').notNull(),
    /** JSON object: the credential without its secrets. */
    shown: text('shown').notNull(),
    /** The dialect whose own settings it comes from; null if an operator set it. */
    dialect: text('dialect'),
    /** What the service thinks of the credential: `ok` or `refused`. */
    state: text('state').notNull(),
    reason: text('reason'),
    /** Since when it is refused. */
    since: integer('since'),
    /** The circuit: probes that failed in a row, and no requests until this time. */
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
    /** A keyed hash of the secret: one that is sealed twice is recognised. */
    mark: text('mark').notNull(),
    sealed: text('sealed').notNull(),
    madeAt: integer('made_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.kind, t.name] })],
)
