import type {
  ProviderStore,
  ProviderVersion,
  StoredProvider,
  StoredSecret,
} from '../../contract/providers.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as P from '../statements/providers.ts'
import { audited } from './audit.ts'
import { json } from './values.ts'

const toProvider = (row: P.ProviderRow): StoredProvider => ({
  appId: row.app_id,
  kind: row.kind,
  version: row.version,
  sealed: row.sealed,
  shown: JSON.parse(row.shown),
  dialect: row.dialect,
  // Safe cast: only `note` and `put` write it.
  state: row.state as StoredProvider['state'],
  reason: row.reason,
  since: row.since === null ? null : new Date(row.since),
  failures: row.failures,
  restingUntil: new Date(row.resting_until),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

const toSecret = (row: P.SecretRow): StoredSecret => ({
  name: row.name,
  mark: row.mark,
  sealed: row.sealed,
  madeAt: new Date(row.made_at),
  expiresAt: new Date(row.expires_at),
})

const versionValues = ({ appId, kind, version }: ProviderVersion) => ({ app: appId, kind, version })

export const providerStore = (db: Db): ProviderStore => ({ ...credentials(db), ...secrets(db) })

function credentials(db: Db): Omit<ProviderStore, 'secret' | 'keepSecret'> {
  return {
    async put(appId, { shown, ...draft }, now, entry) {
      const values = { app: appId, ...draft, shown: json(shown), state: 'ok', none: null, now: now.getTime() }
      // Not repeatable: a second run would report an existing credential.
      const { before, put, home } = await commit(db, {
        before: call(P.hasProvider, values),
        put: call(P.putProvider, values),
        noted: audited(entry),
        dropped: call(P.dropStraySecrets, values),
        home: call(P.providerHome, values),
      })
      if (put.length > 0) return before.length > 0 ? 'replaced' : 'created'
      return home[0]?.there === 1 ? 'kept' : 'gone'
    },

    async find(appId, kind) {
      const [[row]] = await db.read([call(P.findProvider, { app: appId, kind })])
      return row ? toProvider(row) : null
    },

    async list(appId) {
      const [rows] = await db.read([call(P.listProviders, { app: appId })])
      return rows.map(toProvider)
    },

    async remove(appId, kind, { dialect }, entry) {
      const values = { app: appId, kind, dialect }
      const { removed } = await commit(db, {
        removed: call(P.removeProvider, values),
        noted: audited(entry),
        dropped: call(P.dropStraySecrets, values),
      })
      return removed.length > 0
    },

    async note(of, { restingUntil, failures, ...health }, now) {
      const times = { restingUntil: restingUntil.getTime(), failed: failures }
      const values = { ...versionValues(of), ...health, ...times }
      const [noted] = await db.commit([call(P.noteProvider, { ...values, now: now.getTime() })], {
        repeatable: true,
      })
      return noted.length > 0
    },
  }
}

function secrets(db: Db): Pick<ProviderStore, 'secret' | 'keepSecret'> {
  return {
    async secret(of, name) {
      const [[row]] = await db.read([call(P.findSecret, { ...versionValues(of), name })])
      return row ? toSecret(row) : null
    },

    async keepSecret(of, { madeAt, expiresAt, ...secret }, known, now) {
      const values = {
        ...versionValues(of),
        ...secret,
        known,
        madeAt: madeAt.getTime(),
        expiresAt: expiresAt.getTime(),
        now: now.getTime(),
      }
      const plan = {
        dropped: call(P.dropExpiredSecrets, values),
        kept: call(P.keepSecret, values),
        stands: call(P.findSecret, values),
      }
      const {
        stands: [row],
      } = await commit(db, plan, { repeatable: true })
      return row ? toSecret(row) : null
    },
  }
}
