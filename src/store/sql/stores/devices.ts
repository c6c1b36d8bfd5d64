import type { TopicPolicy } from '../../../domain/topic.ts'
import type { DevicePatch, DeviceStore, RegistrationDraft } from '../../store.ts'
import { commit } from '../plan.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { toDevice } from '../rows.ts'
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
import { removing } from './removing.ts'
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
      const plan = {
        writes: registrationPlan(draft, values),
        skipped: draft.tags.length > 0 ? [call(deviceTags.skipped, values)] : [],
        after: call(draft.identity === 'token' ? D.registeredByToken : D.registeredByKey, values),
      }
      // Sent twice, it finds its own device under the row id that the draft brings and changes nothing.
      const repeatable = repeatableTags(draft.tags)
      const outcome = await commit(db, plan, { repeatable }).catch((error) => {
        if (!(error instanceof ConstraintViolated)) throw error
        // The row of a job was done already, or there would be too many topics.
        if (draft.job) return null
        if (draft.topics?.when === 'always') return 'limit' as const
        throw error
      })
      if (outcome === null || outcome === 'limit') return outcome
      const [row] = outcome.after
      if (!row || (draft.existing && !draft.superseded && row.superseded_at !== null)) return null
      return {
        device: toDevice(row),
        created: row.id === draft.deviceId,
        skippedTags: outcome.skipped.flat().map(({ name }) => name),
      }
    },

    async update(key, patch, occasion, announce) {
      const values = { ...keyValues(key), ...occasionValues(occasion), patch: patchValue(patch) }
      const tokenless = { hash: null, provider: null, holding: null, existing: 0 }
      // Absolute values: the second time writes the same ones, and finds no change to log.
      const plan = {
        counts: patch.enabled === undefined ? [] : [call(D.countUpdated, values)],
        spares: bindsUser(patch) ? [call(D.spareByKey, values)] : [],
        log: call(D.logChanges, { ...values, ...tokenless }),
        write: call(D.updateDevice, values),
        told: announce ? [call(announceUpdated, { ...values, announcement: crypto.randomUUID() })] : [],
        after: call(D.deviceByKey, values),
      }
      const {
        after: [row],
      } = await commit(db, plan, { repeatable: true })
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
      const plan = {
        writes: [D.countDetaching, D.logDetached, D.retireDetached, D.detachToken].map((one) =>
          call(one, values),
        ),
        after: call(D.deviceByKey, values),
      }
      // The second time there is no token to take or to log; the answer is the device, which stays.
      const { after } = await commit(db, plan, { repeatable: true })
      return after.length > 0
    },

    async remove(key, occasion, userId) {
      const values = { ...keyValues(key), ...occasionValues(occasion), userId: userId ?? null }
      // Not repeatable: the second time would answer that there was nothing to remove.
      const outcome = await commit(db, {
        known: call(knownDevice, values),
        ...(userId === undefined ? removing(removeByKey, values) : removing(removeOfUser, values)),
      })
      // An expired device goes, but was unknown before.
      return outcome.known.length > 0 && outcome.removed.length > 0
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

type Values = ReturnType<typeof registrationValues>

/** The writes of a registration in the order in which each one's conditions hold (identity.md). */
function registrationPlan(draft: RegistrationDraft, values: Values): readonly Call[] {
  const { token, policy, topics, existing } = draft
  const keyed = draft.identity === 'key'
  const { plan: expired } = keyed ? removeExpired : removeExpiredByToken
  const always = topics?.when === 'always'
  const listed = topics && policy && { ...values, ...topicValues(policy, topics.names) }
  return [
    ...(draft.job ? [call(refuseDoneItem, values), call(finishJobItem, values)] : []),
    call(D.countBefore[keyed && !token ? 'tokenless' : draft.identity], values),
    ...expired.map((statement) => call(statement, values)),
    ...(listed && always ? [call(refuseTooMany[draft.identity], listed)] : []),
    // Only a user who is being removed has anything to be spared from.
    ...(bindsUser(draft.patch) ? [call(keyed ? D.spareByKey : D.spareByToken, values)] : []),
    ...(token ? [call(D.putToken, values)] : []),
    ...(keyed ? deviceByKey(draft, values) : deviceByToken(values)),
    ...(existing ? [] : [call(D.logCreated, values)]),
    ...(listed && always ? [call(countListed, listed), call(addListed, listed)] : []),
    ...(listed && !always ? [call(addToCreated, listed)] : []),
    ...(token && policy && draft.carryOver && !existing
      ? [call(D.carryOver, { ...values, ...policyValues(policy) })]
      : []),
    ...(existing ? [] : [call(draft.replacesAlike ? countRegisteredAlike : D.countAfter, values)]),
    ...(draft.replacesAlike ? [call(logAlike, values), call(deactivateAlike, values)] : []),
    ...(token ? [call(D.markDialect, values)] : []),
    ...(draft.firstTags.length > 0 ? [call(setFirstTags, values)] : []),
    ...tagPlan(deviceTags, draft.tags, values),
    ...(draft.announce ? [call(announceRegistered, { ...values, announcement: draft.deviceId })] : []),
  ]
}

const topicValues = (policy: TopicPolicy, names: readonly string[]) => ({
  ...policyValues(policy),
  topics: json(names),
  superseded: 1,
})

/** The row of a device that its external id names: with a token, it takes that from the dialect's other devices. */
const deviceByKey = ({ token }: RegistrationDraft, values: Values): readonly Call[] => [
  ...(token ? [call(D.logSuperseded, values), call(D.supersede, values)] : []),
  call(D.logChanges, values),
  ...(token ? [call(D.retireLeft, values)] : []),
  call(D.putDeviceByKey, values),
]

/** The row of a device that is its token. */
const deviceByToken = (values: Values): readonly Call[] => [
  call(D.logChangesByToken, values),
  call(D.putDeviceByToken, values),
]
