import type { App, AppRecord, Credential } from '../../../domain/app.ts'
import type {
  AppStore,
  CredentialDraft,
  DialectDraft,
  StoredCredential,
  StoredDialectApp,
  Taken,
} from '../../store.ts'
import { commit, read } from '../plan.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/apps.ts'
import * as C from '../statements/credentials.ts'
import * as H from '../statements/holdings.ts'
import { declareTypes } from '../statements/tag-types.ts'
import { audited } from './audit.ts'
import type { Removals } from './removals.ts'
import { cursorValues, json } from './values.ts'

export function appStore(db: Db, removals: Removals): AppStore {
  async function get(appId: string): Promise<AppRecord | null> {
    const [[row]] = await db.read([call(A.appById, { app: appId })])
    return row ? toRecord(row) : null
  }

  /** Does it or, where a name or a secret is in use, says whose. */
  async function unlessTaken<T>(
    appId: string,
    dialects: readonly DialectDraft[],
    write: () => Promise<T>,
  ): Promise<T | Taken> {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof ConstraintViolated)) throw error
      const [rows] = await db.read([call(A.takenNames, { app: appId, ...wantedOf(dialects) })])
      return { taken: rows.map(({ app_id, ...of }) => ({ ...of, appId: app_id })) }
    }
  }

  return {
    get,

    async create(draft, now, entry) {
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
        ...audited(entry),
        ...draft.dialects.flatMap((one) => putDialect(draft.id, one, now)),
      ]
      return unlessTaken(draft.id, draft.dialects, async () => {
        // Not repeatable: the second time would find its own names in use.
        await db.commit(plan)
        return (await get(draft.id)) as AppRecord
      })
    },

    async change(appId, { name, settings = {}, put, drop }, occasion, entry) {
      const values = { app: appId, now: occasion.at.getTime(), name: name ?? null, settings: json(settings) }
      const before = { update: call(A.updateApp, values), noted: audited(entry) }
      const after = {
        dropped: drop.flatMap((dialect) => H.dropDialect.map((one) => call(one, { app: appId, dialect }))),
        put: put.flatMap((one) => putDialect(appId, one, occasion.at)),
      }
      return unlessTaken(appId, put, async () => {
        const dropped = drop.map((dialect) => ({ appId, dialect }))
        if (drop.length > 0) await removals.begin(dropped, occasion, { before, after })
        // A setup is put whole and a known secret is not added again: the second time changes nothing.
        else await commit(db, { before, after }, { repeatable: true })
        return get(appId)
      })
    },

    async remove(appId, occasion, entry) {
      const before = {
        holdings: H.dropHoldings.map((one) => call(one, { app: appId })),
        dropped: call(H.dropApp, { app: appId }),
        noted: audited(entry),
      }
      const begun = await removals.begin([{ appId }], occasion, { before })
      return begun.before.dropped.length > 0
    },

    async counts(appId, dialect) {
      const counted = Object.entries(dialect === null ? H.appCounts : H.dialectCounts)
      const plan = counted.map(([name, one]) => [name, call(one, { app: appId, dialect })] as const)
      const counts = await read(db, Object.fromEntries(plan))
      return Object.fromEntries(Object.entries(counts).map(([name, [row]]) => [name, row?.n ?? 0]))
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

    async clearDialect(scope, patch, occasion) {
      const values = { app: scope.appId, dialect: scope.dialect }
      const after = {
        cleared: H.clearHoldings.map((one) => call(one, values)),
        changed: call(A.changeOptions, { ...values, patch: json(patch) }),
      }
      const begun = await removals.begin([scope], occasion, { after })
      return begun.after.changed.length > 0
    },

    async credentials(appId) {
      const [rows] = await db.read([call(C.credentialsOf, { app: appId })])
      return rows.map(toCredential)
    },

    async addCredential(appId, draft, now, entry) {
      try {
        const {
          found: [has],
          added: [row],
        } = await commit(db, {
          found: call(A.hasDialect, { app: appId, dialect: draft.dialect }),
          added: call(C.insertCredential, credentialValues(appId, draft, now)),
          noted: audited(entry),
        })
        if (!has) return null
        return row ? toCredential(row) : 'taken'
      } catch (error) {
        if (error instanceof ConstraintViolated) return 'taken'
        throw error
      }
    },

    async removeCredential(appId, id, force, entry) {
      const values = { app: appId, credential: id, force: force ? 1 : 0 }
      const {
        found: [known],
        removed: [removed],
      } = await commit(db, {
        found: call(C.knownCredential, values),
        removed: call(C.deleteCredential, values),
        noted: audited(entry),
      })
      if (!known) return 'unknown'
      return removed ? 'removed' : 'last'
    },

    async noteUsed(used) {
      const rows = used.map(({ id, at }) => ({ id, at: at.getTime() }))
      // Times only ever go forward.
      await db.commit([call(C.noteUsed, { used: json(rows) })], { repeatable: true })
    },
  }
}

/** Every name and secret of a request that nobody else may have. */
function wantedOf(dialects: readonly DialectDraft[]) {
  const names = dialects.flatMap(({ dialect, names = [], aliases = [] }) =>
    [...names, ...aliases].map((name) => ({ dialect, name })),
  )
  const lookups = dialects.flatMap(({ dialect, credentials }) =>
    credentials.flatMap(({ lookup }) => (lookup === null ? [] : [{ dialect, lookup }])),
  )
  return { names: json(names), lookups: json(lookups) }
}

function putDialect(appId: string, draft: DialectDraft, now: Date): readonly Call[] {
  const values = { app: appId, dialect: draft.dialect, options: json(draft.options), now: now.getTime() }
  const named = (names: readonly string[] | undefined, alias: number): Call[] => {
    if (names === undefined) return []
    const more = { ...values, alias, names: json([...new Set(names)]) }
    return [call(A.dropNames, more), call(A.insertNames, more)]
  }
  const { identifier } = draft
  return [
    identifier === undefined ? call(A.mergeOptions, values) : call(A.putDialect, { ...values, identifier }),
    ...named(draft.names, 0),
    ...named(draft.aliases, 1),
    call(declareTypes, values),
    ...draft.credentials.map((one) => call(C.insertCredential, credentialValues(appId, one, now))),
  ]
}

const credentialValues = (appId: string, draft: CredentialDraft, now: Date) => ({
  app: appId,
  dialect: draft.dialect,
  credential: draft.id,
  kind: draft.kind,
  credentialName: draft.name,
  hash: draft.hash,
  sealed: draft.sealed,
  scopes: json(draft.scopes),
  lookup: draft.lookup,
  hint: draft.hint,
  now: now.getTime(),
})

const toApp = (row: Omit<A.AppRecordRow, 'dialects'>): App => ({
  id: row.id,
  name: row.name,
  settings: JSON.parse(row.settings),
  vapid: { publicKey: row.vapid_public, subject: row.vapid_subject },
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

const toRecord = (row: A.AppRecordRow): AppRecord => ({ ...toApp(row), dialects: JSON.parse(row.dialects) })

const toCredential = (row: C.CredentialRow): Credential => ({
  id: row.id,
  dialect: row.dialect,
  kind: row.kind,
  name: row.name,
  hash: row.hash,
  scopes: JSON.parse(row.scopes),
  hint: row.hint,
  createdAt: new Date(row.created_at),
  lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
})

function toDialectApp(row: A.DialectAppRow): StoredDialectApp {
  const credentials: C.CredentialRow[] = JSON.parse(row.credentials)
  return {
    app: toApp(row),
    dialect: row.dialect,
    identifier: row.identifier,
    options: JSON.parse(row.options),
    credentials: credentials.map((one): StoredCredential => ({ ...toCredential(one), sealed: one.sealed })),
  }
}
