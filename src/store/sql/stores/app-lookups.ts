import type { AppStore } from '../../store.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/apps.ts'
import { toDialectApp, toRecord } from './app-rows.ts'
import { cursorValues } from './values.ts'

type Lookups = Pick<
  AppStore,
  | 'get'
  | 'list'
  | 'isEmpty'
  | 'anySealed'
  | 'findByName'
  | 'findByLookup'
  | 'findById'
  | 'findByCredentialName'
>

/** The part of `AppStore` that finds apps: for the administration, and by what a request names them. */
export function appLookups(db: Db): Lookups {
  return {
    async get(appId) {
      const [[row]] = await db.read([call(A.appById, { app: appId })])
      return row ? toRecord(row) : null
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
  }
}
