import type { Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import { eraseUser, forgetUser, removeUser } from '../statements/removal.ts'
import { forgetWork } from '../statements/user-work.ts'
import * as U from '../statements/users.ts'
import { forgetCalls } from '../statements/webhooks.ts'
import type { UserStore } from '../store.ts'
import { json, keyValues, occasionValues } from './values.ts'

export function userStore(db: Db): UserStore {
  async function remove(plan: readonly Statement[], values: Parameters<typeof call>[1]): Promise<number> {
    // Not repeatable: the second time would count nothing.
    const results = await db.commit(plan.map((statement) => call(statement, values)))
    return (results.at(-1) ?? []).length
  }

  return {
    async bind(key, user, rules, occasion) {
      const values = {
        ...keyValues(key),
        ...occasionValues(occasion),
        userId: user.id,
        proved: user.proved ? 1 : 0,
        replace: rules.replace ? 1 : 0,
        limit: rules.limit?.devices ?? null,
        among: json(rules.limit?.among ?? []),
      }
      const plan = [call(U.logBound, values), call(U.bindUser, values), call(U.boundUser, values)] as const
      // A user who is there already is neither bound nor logged again, and is the answer.
      const [, , [after]] = await db.commit(plan, { repeatable: true })
      if (!after) return 'unknown'
      if (after.user_id === user.id) return 'bound'
      return after.user_id === null || rules.replace ? 'limit' : 'taken'
    },

    removeDevices({ appId, dialect }, userId, occasion) {
      return remove(removeUser.plan, { app: appId, dialect, userId, ...occasionValues(occasion) })
    },

    erase(appId, userId, occasion) {
      return remove([forgetUser, forgetCalls, forgetWork, ...eraseUser.plan], {
        app: appId,
        userId,
        ...occasionValues(occasion),
      })
    },
  }
}
