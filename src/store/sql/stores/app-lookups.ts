import type { AppStore } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/apps.ts'
import { toDialectApp, toRecord } from './app-rows.ts'
import { pageOf, timePlace } from './pages.ts'

type Lookups = Pick<
  AppStore,
  | 'get'
  | 'list'
  | 'isEmpty'
  | 'anySealed'
  | 'vapid'
  | 'findByName'
  | 'findByLookup'
  | 'findById'
  | 'findByCredentialName'
  | 'findByCredentialHash'
  | 'mirrored'
>

/** The part of `AppStore` that finds apps, for the administration and for requests. */
export function appLookups(db: Db): Lookups {
  return {
    async get(appId) {
      const [[row]] = await db.read([call(A.appById, { app: appId })])
      return row ? toRecord(row) : null
    },

    async list({ after, limit }) {
      const [rows] = await db.read([call(A.appPage, { ...NEWEST.values(after), limit })])
      return pageOf(rows, limit, toRecord, timePlace)
    },

    async isEmpty() {
      const [rows] = await db.read([call(A.anyApp, {})])
      return rows.length === 0
    },

    async anySealed() {
      const [[row]] = await db.read([call(A.anySealed, {})])
      return row ? { appId: row.id, sealed: row.vapid_private } : null
    },

    async vapid(appId) {
      const [[row]] = await db.read([call(A.vapidOf, { app: appId })])
      return row
        ? { publicKey: row.vapid_public, sealedPrivateKey: row.vapid_private, subject: row.vapid_subject }
        : null
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

    async mirrored(limit) {
      const [rows] = await db.read([call(A.mirroredServers, { limit })])
      return rows.map(({ dialect, upstream, app_id: appId }) => ({ dialect, upstream, appId }))
    },

    async findByCredentialHash(dialect, kind, hash, limit) {
      const [rows] = await db.read([call(A.dialectAppsByCredentialHash, { dialect, kind, hash, limit })])
      return rows.map(toDialectApp)
    },
  }
}
