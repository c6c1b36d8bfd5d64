import type { DevicePatch, DeviceStore, RegistrationDraft } from '../../store.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { type DeviceRow, toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { countRegisteredAlike, deactivateAlike, logAlike } from '../statements/alike.ts'
import { clientStep } from '../statements/client-list.ts'
import * as D from '../statements/devices.ts'
import { finishJobItem, refuseDoneItem } from '../statements/jobs.ts'
import { removeByKey, removeExpired, removeExpiredByToken, removeOfUser } from '../statements/removal.ts'
import { deviceOfSubscriptions, devicesBetween, knownDevice } from '../statements/subscriptions.ts'
import { deviceTags, setFirstTags } from '../statements/tags.ts'
import { addListed, addToCreated, countListed, refuseTooMany } from '../statements/topics.ts'
import { announceRegistered, announceUpdated } from '../statements/webhooks.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
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

    async findByPrefix({ appId, dialect }, prefix, { now, limit }) {
      // The last of all characters: nothing that begins with the prefix sorts behind it.
      const bounds = { from: prefix, to: `${prefix}\u{10ffff}` }
      const values = { app: appId, dialect, ...bounds, now: now.getTime(), limit }
      const [rows] = await db.read([call(devicesBetween, values)])
      return rows.map(toDevice)
    },

    async findBySubscriptions({ appId, dialect }, ids, now) {
      const values = { app: appId, dialect, ids: json(ids), now: now.getTime() }
      const [[row]] = await db.read([call(deviceOfSubscriptions, values)])
      return row ? toDevice(row) : null
    },

    async register(draft, occasion) {
      const values = registrationValues(draft, occasion)
      const plan = registrationPlan(draft, values)
      const view = draft.identity === 'token' ? D.registeredByToken : D.registeredByKey
      const asked = draft.tags.length > 0 ? [call(deviceTags.skipped, values)] : []
      // Sent twice, it finds its own device under the row id that the draft brings and changes nothing.
      const repeatable = repeatableTags(draft.tags)
      const results = await db
        .commit([...plan, ...asked, call(view, values)] as Call[], { repeatable })
        .catch((error) => {
          if (!(error instanceof ConstraintViolated)) throw error
          // The row of a job was done already, or there would be too many topics.
          if (draft.job) return null
          if (draft.topics?.when === 'always') return 'limit' as const
          throw error
        })
      if (results === null || results === 'limit') return results
      // The last call of the plan is the view, whose rows are device rows; before it come the skipped tags' names.
      const [row] = (results.at(-1) ?? []) as DeviceRow[]
      if (!row || (draft.existing && !draft.superseded && row.superseded_at !== null)) return null
      const skipped = asked.length > 0 ? (results.at(-2) as { name: string }[]) : []
      return {
        device: toDevice(row),
        created: row.id === draft.deviceId,
        skippedTags: skipped.map(({ name }) => name),
      }
    },

    async update(key, patch, occasion, announce) {
      const values = { ...keyValues(key), ...occasionValues(occasion), patch: patchValue(patch) }
      const tokenless = { hash: null, provider: null, holding: null, existing: 0 }
      // Absolute values: the second time writes the same ones, and finds no change to log.
      const counts = patch.enabled === undefined ? [] : [call(D.countUpdated, values)]
      const plan = [
        ...counts,
        ...(bindsUser(patch) ? [call(D.spareByKey, values)] : []),
        call(D.logChanges, { ...values, ...tokenless }),
        call(D.updateDevice, values),
        ...(announce ? [call(announceUpdated, { ...values, announcement: crypto.randomUUID() })] : []),
      ]
      const results = await db.commit([...plan, call(D.deviceByKey, values)] as Call[], { repeatable: true })
      const [row] = (results.at(-1) ?? []) as DeviceRow[]
      return row ? toDevice(row) : null
    },

    async touch(id, now, token) {
      const values = { id, now: now.getTime() }
      // Only ever forward, to an absolute time.
      const plan = [call(D.touchDevice, values), ...(token ? [call(D.touchToken, values)] : [])]
      await db.commit(plan, { repeatable: true })
    },

    async detach(key, occasion) {
      const values = { ...keyValues(key), ...occasionValues(occasion) }
      const plan = [
        call(D.countDetaching, values),
        call(D.logDetached, values),
        call(D.retireDetached, values),
        call(D.detachToken, values),
        call(D.deviceByKey, values),
      ] as const
      // The second time there is no token to take or to log; the answer is the device, which stays.
      const [, , , , [row]] = await db.commit(plan, { repeatable: true })
      return row !== undefined
    },

    async remove(key, occasion, userId) {
      const { plan } = userId === undefined ? removeByKey : removeOfUser
      const values = { ...keyValues(key), ...occasionValues(occasion), userId: userId ?? null }
      // Not repeatable: the second time would answer that there was nothing to remove.
      const results = await db.commit([
        call(knownDevice, values),
        ...plan.map((statement) => call(statement, values)),
      ] as Call[])
      // An expired device goes, but was unknown before.
      return (results[0] ?? []).length > 0 && (results.at(-1) ?? []).length > 0
    },

    async listStep({ appId, dialect }, { user, platform, active }, { after, scan, offset, limit }, now) {
      const values = {
        app: appId,
        dialect,
        userId: user ?? null,
        platform: platform ?? null,
        active: active === undefined ? null : active ? 1 : 0,
        now: now.getTime(),
        at: after?.at ?? Number.MAX_SAFE_INTEGER,
        id: after?.id ?? '',
        scan,
        limit,
        offset,
      }
      const of = clientStep[user === undefined ? 'all' : 'user']
      const counts = [call(of.count, values), call(of.end, values)] as const
      // No window has more matches than rows.
      if (limit === 0 || offset >= scan) {
        const [[count], [end]] = await db.read(counts)
        return { devices: [], matches: count?.matches ?? 0, end: end ?? null }
      }
      const [[count], [end], rows] = await db.read([...counts, call(of.rows, values)])
      return { devices: rows.map(toDevice), matches: count?.matches ?? 0, end: end ?? null }
    },
  }
}

const bindsUser = ({ user, ifNone }: DevicePatch): boolean =>
  (user ?? null) !== null || ifNone?.user !== undefined

/** The writes of a registration in the order in which each one's conditions hold (identity.md). */
function registrationPlan(draft: RegistrationDraft, values: Call['values']): Call[] {
  const { token, policy, topics } = draft
  const plan: Call[] = []
  const add = (statement: Call['statement'], more: Call['values'] = {}) =>
    plan.push(call(statement, { ...values, ...more }))

  if (draft.job) {
    add(refuseDoneItem)
    add(finishJobItem)
  }
  add(D.countBefore[draft.identity === 'key' && !token ? 'tokenless' : draft.identity])
  const { plan: expired } = draft.identity === 'key' ? removeExpired : removeExpiredByToken
  for (const statement of expired) add(statement)
  const listed = topics && policy && { ...policyValues(policy), topics: json(topics.names), superseded: 1 }
  if (listed && topics.when === 'always') add(refuseTooMany[draft.identity], listed)
  // Only a user who is being removed has anything to be spared from.
  if (bindsUser(draft.patch)) add(draft.identity === 'key' ? D.spareByKey : D.spareByToken)
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
    add(D.logChangesByToken)
    add(D.putDeviceByToken)
  }
  if (!draft.existing) add(D.logCreated)
  if (listed) {
    if (topics.when === 'always') add(countListed, listed)
    add(topics.when === 'always' ? addListed : addToCreated, listed)
  }
  if (token && policy && draft.carryOver && !draft.existing) add(D.carryOver, policyValues(policy))
  if (!draft.existing) add(draft.replacesAlike ? countRegisteredAlike : D.countAfter)
  if (draft.replacesAlike) {
    add(logAlike)
    add(deactivateAlike)
  }
  if (token) add(D.markDialect)
  if (draft.firstTags.length > 0) add(setFirstTags)
  plan.push(...tagPlan(deviceTags, draft.tags, values))
  if (draft.announce) add(announceRegistered, { announcement: draft.deviceId })
  return plan
}
