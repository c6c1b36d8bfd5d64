import type { App, AppRecord, Credential } from '../../domain/app.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/apps.ts'
import { removeDialect } from '../statements/removal.ts'
import { declareTypes } from '../statements/tag-types.ts'
import type { AppStore, CredentialDraft, DialectDraft, StoredCredential, StoredDialectApp } from '../store.ts'
import { cursorValues, json } from './values.ts'

export function appStore(db: Db): AppStore {
  async function get(appId: string): Promise<AppRecord | null> {
    const [[row]] = await db.read([call(A.appById, { app: appId })])
    return row ? toRecord(row) : null
  }

  return {
    get,

    async create(draft, now) {
      const values = {
        app: draft.id,
        name: draft.name,
        settings: json(draft.settings),
        vapidPublic: draft.vapid.publicKey,
        vapidPrivate: draft.vapid.sealedPrivateKey,
        vapidSubject: draft.vapid.subject,
        now: now.getTime(),
      }
      const plan = [
        call(A.insertApp, values),
        ...draft.dialects.flatMap((one) => putDialect(draft.id, one, now)),
      ]
      return unlessTaken(async () => {
        // Not repeatable: the second time would find its own names in use.
        await db.commit(plan)
        return (await get(draft.id)) as AppRecord
      })
    },

    async change(appId, { name, settings, put, drop }, now) {
      const values = {
        app: appId,
        now: now.getTime(),
        name: name ?? null,
        settings: settings ? json(settings) : null,
      }
      const plan = [
        call(A.updateApp, values),
        ...drop.flatMap((dialect) =>
          [...removeDialect.plan, ...A.dropDialect].map((one) => call(one, { app: appId, dialect })),
        ),
        ...put.flatMap((one) => [
          call(A.dropNames, { app: appId, dialect: one.dialect }),
          ...putDialect(appId, one, now),
        ]),
      ]
      return unlessTaken(async () => {
        // A setup is put whole and a known secret is not added again: the second time changes nothing.
        await db.commit(plan, { repeatable: true })
        return get(appId)
      })
    },

    async remove(appId) {
      const results = await db.commit(A.dropApp.map((one) => call(one, { app: appId })))
      return (results.at(-1) ?? []).length > 0
    },

    async list({ cursor, limit }) {
      const values = { ...cursorValues(cursor), limit: limit + 1 }
      const [rows] = await db.read([call(A.appPage, values)])
      const items = rows.slice(0, limit).map(toRecord)
      const last = items.at(-1)
      return {
        items,
        next: last && rows.length > limit ? { at: last.createdAt.getTime(), id: last.id } : null,
      }
    },

    async isEmpty() {
      const [rows] = await db.read([call(A.anyApp, {})])
      return rows.length === 0
    },

    async anySealed() {
      const [[row]] = await db.read([call(A.anySealed, {})])
      return row ? { appId: row.id, sealed: row.vapid_private } : null
    },

    async findByName(dialect, name) {
      const [[row]] = await db.read([call(A.dialectAppByName, { dialect, name })])
      return row ? toDialectApp(row) : null
    },

    async findByLookup(dialect, lookup) {
      const [[row]] = await db.read([call(A.dialectAppByLookup, { dialect, lookup })])
      return row ? toDialectApp(row) : null
    },

    async findById(dialect, appId) {
      const [[row]] = await db.read([call(A.dialectAppById, { dialect, app: appId })])
      return row ? toDialectApp(row) : null
    },

    async findByCredentialName(dialect, kind, name) {
      const [rows] = await db.read([call(A.dialectAppsByCredentialName, { dialect, kind, name })])
      return rows.map(toDialectApp)
    },

    async changeOptions({ appId, dialect }, patch) {
      const [rows] = await db.commit([call(A.changeOptions, { app: appId, dialect, patch: json(patch) })])
      return rows.length > 0
    },

    async clearDialect({ appId, dialect }, patch) {
      const values = { app: appId, dialect }
      const results = await db.commit([
        ...[...removeDialect.plan, ...A.clearHoldings].map((one) => call(one, values)),
        call(A.changeOptions, { ...values, patch: json(patch) }),
      ] as Call[])
      return (results.at(-1) ?? []).length > 0
    },

    async credentials(appId) {
      const [rows] = await db.read([call(A.credentialsOf, { app: appId })])
      return rows.map(toCredential)
    },

    async addCredential(appId, draft, now) {
      return unlessTaken(async () => {
        const [[has], [row]] = await db.commit([
          call(A.hasDialect, { app: appId, dialect: draft.dialect }),
          call(A.insertCredential, credentialValues(appId, draft, now)),
        ])
        if (!has) return null
        return row ? toCredential(row) : ('taken' as const)
      })
    },

    async removeCredential(appId, id) {
      const [rows] = await db.commit([call(A.deleteCredential, { app: appId, credential: id })])
      return rows.length > 0
    },
  }
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<T | 'taken'> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof ConstraintViolated) return 'taken'
    throw error
  }
}

function putDialect(appId: string, draft: DialectDraft, now: Date): Call[] {
  const values = {
    app: appId,
    dialect: draft.dialect,
    identifier: draft.identifier,
    options: json(draft.options),
    names: json([...new Set(draft.names)]),
    now: now.getTime(),
  }
  return [
    call(A.putDialect, values),
    call(A.insertNames, values),
    call(declareTypes, values),
    ...draft.credentials.map((one) => call(A.insertCredential, credentialValues(appId, one, now))),
  ]
}

const credentialValues = (appId: string, draft: CredentialDraft, now: Date): Call['values'] => ({
  app: appId,
  dialect: draft.dialect,
  credential: draft.id,
  kind: draft.kind,
  credentialName: draft.name,
  hash: draft.hash,
  sealed: draft.sealed,
  scopes: json(draft.scopes),
  lookup: draft.lookup,
  now: now.getTime(),
})

const toApp = (row: A.AppRow): App => ({
  id: row.id,
  name: row.name,
  settings: JSON.parse(row.settings),
  vapid: { publicKey: row.vapid_public, subject: row.vapid_subject },
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

const toRecord = (row: A.AppRecordRow): AppRecord => ({ ...toApp(row), dialects: JSON.parse(row.dialects) })

const toCredential = (row: A.CredentialRow): Credential => ({
  id: row.id,
  dialect: row.dialect,
  kind: row.kind,
  name: row.name,
  hash: row.hash,
  scopes: JSON.parse(row.scopes),
  createdAt: new Date(row.created_at),
})

function toDialectApp(row: A.DialectAppRow): StoredDialectApp {
  const credentials: A.CredentialRow[] = JSON.parse(row.credentials)
  return {
    app: toApp(row),
    dialect: row.dialect,
    identifier: row.identifier,
    options: JSON.parse(row.options),
    credentials: credentials.map((one): StoredCredential => ({ ...toCredential(one), sealed: one.sealed })),
  }
}
