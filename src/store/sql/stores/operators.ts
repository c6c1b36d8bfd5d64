import type { Role } from '../../../domain/operator.ts'
import type { OperatorKey, OperatorKeyKind, OperatorStore } from '../../contract/operators.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as O from '../statements/operators.ts'
import { audited } from './audit.ts'

const dated = (at: number | null) => (at === null ? null : new Date(at))

const toKey = (row: O.OperatorKeyRow): OperatorKey => ({
  id: row.id,
  kind: row.kind as OperatorKeyKind,
  name: row.name,
  role: row.role as Role,
  parent: row.parent,
  about: row.about,
  createdAt: new Date(row.created_at),
  expiresAt: dated(row.expires_at),
  lastUsedAt: dated(row.last_used_at),
})

export function operatorStore(db: Db): OperatorStore {
  return {
    async put({ createdAt, expiresAt, lastUsedAt, ...key }, entry) {
      const values = {
        ...key,
        createdAt: createdAt.getTime(),
        expiresAt: expiresAt?.getTime() ?? null,
        lastUsedAt: lastUsedAt?.getTime() ?? null,
      }
      const { kept } = await commit(db, { kept: call(O.putOperatorKey, values), entry: audited(entry) })
      return kept.length > 0
    },

    async find(kind, hash, now) {
      const [[row]] = await db.read([call(O.findOperatorKey, { kind, hash, now: now.getTime() })])
      return row ? toKey(row) : null
    },

    async take(kind, hash, now) {
      const [[row]] = await db.commit([call(O.takeOperatorKey, { kind, hash })])
      const key = row && toKey(row)
      return key && (key.expiresAt === null || key.expiresAt > now) ? key : null
    },

    async list(kind, now) {
      const [rows] = await db.read([call(O.operatorKeyList, { kind, now: now.getTime() })])
      return rows.map(toKey)
    },

    async remove(kind, id, entry) {
      const { gone } = await commit(db, {
        gone: call(O.removeOperatorKey, { kind, id }),
        entry: audited(entry),
        children: call(O.removeOfParent, { id }),
      })
      return gone.length > 0
    },

    async noteUsed(id, at) {
      await db.commit([call(O.noteOperatorKeyUsed, { id, at: at.getTime() })], { repeatable: true })
    },

    async drop(now, batch) {
      const [rows] = await db.commit([call(O.dropOperatorKeys, { now: now.getTime(), batch })])
      return rows.length
    },
  }
}
