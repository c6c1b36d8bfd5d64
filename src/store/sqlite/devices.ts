import type { Call, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as D from '../statements/devices.ts'
import { removeByKey, removeExpired } from '../statements/removal.ts'
import { addListed, addToCreated } from '../statements/topics.ts'
import { announceRegistered, announceUpdated } from '../statements/webhooks.ts'
import type { DeviceStore, Occasion, RegistrationDraft } from '../store.ts'
import { json, keyValues, occasionValues, patchValue, policyValues, registrationValues } from './values.ts'

export function deviceStore(db: Db): DeviceStore {
  return {
    async findByKey(key, now) {
      const [[row]] = await db.read([call(D.deviceByKey, { ...keyValues(key), now: now.getTime() })])
      return row ? toDevice(row) : null
    },

    async findByToken({ appId, dialect }, { provider, hash }, now) {
      const values = { app: appId, dialect, provider, hash, now: now.getTime() }
      const [[row]] = await db.read([call(D.deviceByToken, values)])
      return row ? toDevice(row) : null
    },

    async register(draft, occasion) {
      const plan = registrationPlan(draft, occasion)
      const view = draft.identity === 'token' ? D.deviceByToken : D.deviceByKey
      const results = await db.commit([...plan, call(view, registrationValues(draft, occasion))] as Call[])
      // The last call of the plan is the view, whose rows are device rows.
      const [row] = (results.at(-1) ?? []) as Parameters<typeof toDevice>[0][]
      if (!row || (draft.existing && row.superseded_at !== null)) return null
      return { device: toDevice(row), created: row.id === draft.deviceId }
    },

    async update(key, patch, now, announce) {
      const values = { ...keyValues(key), now: now.getTime(), patch: patchValue(patch) }
      const told = announce ? [call(announceUpdated, values)] : []
      const results = await db.commit([call(D.updateDevice, values), call(D.deviceByKey, values), ...told])
      const [row] = results[1] ?? []
      return row ? toDevice(row) : null
    },

    async touch(id, now) {
      await db.commit([call(D.touchDevice, { id, now: now.getTime() })])
    },

    async detach(key, occasion) {
      const values = { ...keyValues(key), ...occasionValues(occasion) }
      const [, , , [row]] = await db.commit([
        call(D.logDetached, values),
        call(D.retireDetached, values),
        call(D.detachToken, values),
        call(D.deviceByKey, values),
      ])
      return row !== undefined
    },

    async remove(key, occasion) {
      const values = { ...keyValues(key), ...occasionValues(occasion) }
      const results = await db.commit(removeByKey.plan.map((statement) => call(statement, values)))
      return (results.at(-1) ?? []).length > 0
    },
  }
}

/** The writes of a registration in the order in which each one's conditions hold (identity.md). */
function registrationPlan(draft: RegistrationDraft, occasion: Occasion): Call[] {
  const { token, policy, topics } = draft
  const values = registrationValues(draft, occasion)
  const plan: Call[] = []
  const add = (statement: Call['statement'], more: Call['values'] = {}) =>
    plan.push(call(statement, { ...values, ...more }))

  if (draft.identity === 'key') for (const statement of removeExpired.plan) add(statement)
  if (token) add(D.putToken)
  if (draft.identity === 'key') {
    if (token) {
      add(D.logSuperseded)
      add(D.supersede)
    }
    add(D.logChanges)
    if (token) add(D.retireLeft)
    add(D.putDeviceByKey)
  } else {
    add(D.putDeviceByToken)
  }
  if (!draft.existing) add(D.logCreated)
  if (topics && policy) {
    const more = { ...policyValues(policy), topics: json(topics.names), superseded: 1 }
    add(topics.when === 'always' ? addListed : addToCreated, more)
  }
  if (token && policy && draft.carryOver && !draft.existing) add(D.carryOver, policyValues(policy))
  if (token) add(D.markDialect)
  if (draft.announce) add(announceRegistered)
  return plan
}
