import type { UserStore } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as U from '../statements/users.ts'
import { audited } from './audit.ts'
import { erased } from './imports.ts'
import type { Removals } from './removals.ts'
import { lettingGoOf } from './user-room.ts'
import { json, keyValues, occasionValues } from './values.ts'

export function userStore(db: Db, removals: Removals): UserStore {
  return {
    async bind(key, user, rules, occasion) {
      const values = {
        userId: user.id,
        proved: user.proved ? 1 : 0,
        replace: rules.replace ? 1 : 0,
        limit: rules.limit?.devices ?? null,
        among: json(rules.limit?.among ?? []),
        ...keyValues(key),
        ...occasionValues(occasion),
      }
      const plan = {
        writes: [U.spareBound, U.logBound, U.bindUser].map((one) => call(one, values)),
        others: lettingGoOf(rules.most ?? null, values),
        after: call(U.boundUser, values),
      }
      // A user who is already bound is neither bound nor recorded again, and is returned.
      const {
        after: [after],
      } = await commit(db, plan, { repeatable: true })
      if (!after) return 'unknown'
      if (after.user_id === user.id) return 'bound'
      return after.user_id === null || rules.replace ? 'limit' : 'taken'
    },

    async removeDevices({ appId, dialect }, userId, occasion) {
      return (await removals.begin([{ appId, dialect, userId }], occasion)).devices
    },

    async erase(appId, userId, occasion, entry, marks) {
      // Must follow a statement that always changes a row, because the audit entry is kept even if nothing was erased.
      return (
        await removals.begin([{ appId, userId, subject: marks?.mirrors }], occasion, {
          before: {
            marks: marks && marks.imports.length > 0 ? [erased(appId, marks.imports, occasion.at)] : [],
          },
          opened: audited(entry),
        })
      ).devices
    },
  }
}
