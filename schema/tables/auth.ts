import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Key pairs for an app's access tokens in a dialect: the newest signs, all verify until they expire. */
export const signingKeys = sqliteTable(
  'signing_keys',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** JWK, JSON. */
    publicKey: text('public_key').notNull(),
    /** JWK, JSON, encrypted. */
    sealed: text('sealed').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Until when it signs. */
    signsUntil: integer('signs_until').notNull(),
    /** Until when it verifies. */
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('signing_keys_by_app').on(t.appId, t.dialect, t.signsUntil)],
)

/** A client that registered itself with its own key, such as one installation of an app. */
export const clients = sqliteTable(
  'clients',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    /** The key that verifies its assertions, JSON, encrypted. */
    sealed: text('sealed').notNull(),
    /** Its self-description, JSON object. */
    about: text('about').notNull(),
    /** The external id of the device that it acts for; used for erasures. */
    externalId: text('external_id'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    index('clients_by_app').on(t.appId, t.dialect),
    index('clients_by_device').on(t.appId, t.dialect, t.externalId).where(sql`${t.externalId} IS NOT NULL`),
    index('clients_oldest').on(t.updatedAt),
  ],
)

/** An authorization code: redeemed by deleting it. `id` is the code's SHA-256. */
export const grants = sqliteTable(
  'grants',
  {
    id: text('id').primaryKey(),
    appId: text('app_id').notNull(),
    dialect: text('dialect').notNull(),
    clientId: text('client_id').notNull(),
    /** The grant and its conditions, JSON object. */
    detail: text('detail').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('grants_expiring').on(t.expiresAt), index('grants_by_app').on(t.appId, t.dialect)],
)
