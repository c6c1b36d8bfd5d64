import type { TopicPolicy } from '../../../domain/topic.ts'
import type { DeviceStore, RegistrationDraft, RegistrationOutcome, Seen } from '../../store.ts'
import { commit } from '../plan.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { ADOPTION } from '../statements/adoption.ts'
import { countRegisteredAlike, deactivateAlike, logAlike } from '../statements/alike.ts'
import * as D from '../statements/devices.ts'
import { finishJobItem, refuseDoneItem } from '../statements/jobs.ts'
import { removeExpired, removeExpiredByToken } from '../statements/removal.ts'
import { isFull, refuseFull } from '../statements/room.ts'
import { deviceTags, setFirstTags } from '../statements/tags.ts'
import { addListed, addToCreated, countListed, refuseTooMany } from '../statements/topics.ts'
import { announceRegistered } from '../statements/webhooks.ts'
import { freshSuffices, registerFresh } from './fresh.ts'
import { registerKnown } from './known.ts'
import { look } from './look.ts'
import { retagged } from './retagged.ts'
import { rotated } from './rotated.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { holding } from './user-room.ts'
import {
  bindsUser,
  json,
  type Keeps,
  type OccasionValues,
  occasionValues,
  policyValues,
  registrationValues,
} from './values.ts'

/** The part of `DeviceStore` that registers. */
export const registration = (db: Db, keeps: Keeps): Pick<DeviceStore, 'register'> => ({
  async register(draft, occasion, seen) {
    // Shared by both plans: a plan that is sent again, and so finds its own device, falls through to the other one.
    const values = occasionValues(occasion, keeps)
    return (await registerShortly(db, draft, values, seen)) ?? registerWhatever(db, draft, values)
  },
})

/** Tries a short plan if the state read before suits one; null, and nothing written, if none does. */
async function registerShortly(db: Db, draft: RegistrationDraft, occasion: OccasionValues, before?: Seen) {
  // Reads the state if that needs no round trip.
  const seen = before ?? (db.inThread ? await look(db, draft, occasion.now, NO_LISTS) : null)
  if (!seen) return null
  const { device, keyFree, tokenFree } = seen
  if (!device) {
    return keyFree && tokenFree && freshSuffices(draft, occasion) ? registerFresh(db, draft, occasion) : null
  }
  const plan = [retagged, ...(tokenFree ? [rotated] : [])].find((one) => one.suffices(draft, device))
  return plan ? registerKnown(db, plan, draft, device, occasion) : null
}

/** No short plan depends on the device's lists. */
const NO_LISTS = { topics: false, tags: false }

/** The full plan, correct for any state. */
async function registerWhatever(
  db: Db,
  draft: RegistrationDraft,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | 'limit' | 'full' | null> {
  const values = registrationValues(draft, occasion)
  const plan = {
    writes: registrationPlan(draft, values),
    skipped: draft.tags.length > 0 ? [call(deviceTags.skipped, values)] : [],
    after: call(draft.identity === 'token' ? D.registeredByToken : D.registeredByKey, values),
  }
  // A second run finds its own device under the draft's row id and changes nothing.
  const repeatable = repeatableTags(draft.tags)
  const adopting = () =>
    commit(db, { ...plan, writes: [...adoption(values), ...plan.writes] }, { repeatable })
  const outcome = await broken(commit(db, plan, { repeatable }), draft.token ? adopting : null).catch(
    async (error) => {
      if (!(error instanceof ConstraintViolated)) throw error
      if (await full(db, draft, values)) return 'full' as const
      // The job row was done already, or there would be too many topics.
      if (draft.job) return null
      if (draft.topics?.when === 'always') return 'limit' as const
      throw error
    },
  )
  if (outcome === null || outcome === 'limit' || outcome === 'full') return outcome
  const [row] = outcome.after
  if (!row || (draft.existing && !draft.superseded && row.superseded_at !== null)) return null
  return {
    device: toDevice(row),
    created: row.id === draft.deviceId,
    skippedTags: outcome.skipped.flat().map(({ name }) => name),
  }
}

/** Whether a registration was refused because the app has the most devices allowed. */
async function full(db: Db, draft: RegistrationDraft, values: Values): Promise<boolean> {
  if (values.mostDevices === null) return false
  const [[row]] = await db.read([call(isFull[draft.identity], values)])
  return row?.full === 1
}

/** Tries another plan if a unique index refused the first: the token may be a placeholder's (identity R14). */
const broken = <Done>(first: Promise<Done>, next: (() => Promise<Done>) | null): Promise<Done> =>
  next === null
    ? first
    : first.catch((error) => {
        if (error instanceof ConstraintViolated) return next()
        throw error
      })

type Values = ReturnType<typeof registrationValues>

/** Turns the placeholder with the token into the calling device or, if that exists, merges it into it. */
const adoption = (values: Values): readonly Call[] => ADOPTION.map((one) => call(one, values))

/** The writes of a registration in the order that their conditions require (identity.md). */
function registrationPlan(draft: RegistrationDraft, values: Values): readonly Call[] {
  const { token, policy, topics, existing } = draft
  const keyed = draft.identity === 'key'
  const { plan: expired } = keyed ? removeExpired : removeExpiredByToken
  const always = topics?.when === 'always'
  const listed = topics && policy && { ...topicValues(policy, topics.names), ...values }
  return [
    ...(draft.job ? [call(refuseDoneItem, values), call(finishJobItem, values)] : []),
    call(D.countBefore[keyed && !token ? 'tokenless' : draft.identity], values),
    ...(values.mostDevices === null ? [] : [call(refuseFull[draft.identity], values)]),
    ...expired.map((statement) => call(statement, values)),
    ...(listed && always ? [call(refuseTooMany[draft.identity], listed)] : []),
    // Only a user that is being removed requires this.
    ...(bindsUser(draft.patch) ? [call(keyed ? D.spareByKey : D.spareByToken, values)] : []),
    ...(token ? [call(D.putToken, values)] : []),
    ...(keyed ? deviceByKey(draft, values) : deviceByToken(values)),
    ...(listed && always
      ? [call(D.logCreatedOrSubscribed, listed)]
      : existing
        ? []
        : [call(D.logCreated, values)]),
    ...(listed && always ? [call(countListed, listed), call(addListed, listed)] : []),
    ...(listed && !always ? [call(addToCreated, listed)] : []),
    ...(token && policy && draft.carryOver && !existing
      ? [call(D.carryOver, { ...policyValues(policy), ...values })]
      : []),
    ...(existing ? [] : [call(draft.replacesAlike ? countRegisteredAlike : D.countAfter, values)]),
    ...(draft.replacesAlike ? [call(logAlike, values), call(deactivateAlike, values)] : []),
    ...(token ? [call(D.markDialect, values)] : []),
    ...(draft.firstTags.length > 0 ? [call(setFirstTags, values)] : []),
    ...tagPlan(deviceTags, draft.tags, values),
    ...(draft.announce ? [call(announceRegistered, values)] : []),
    ...holding(draft.limits, values),
  ]
}

const topicValues = (policy: TopicPolicy, names: readonly string[]) => ({
  topics: json(names),
  superseded: 1,
  ...policyValues(policy),
})

/** Writes a device identified by its external id; with a token, takes it over from the dialect's other devices. */
const deviceByKey = ({ token }: RegistrationDraft, values: Values): readonly Call[] => [
  ...(token ? [call(D.logSuperseded, values), call(D.supersede, values)] : []),
  call(D.logChanges, values),
  ...(token ? [call(D.keepLeft, values), call(D.retireLeft, values)] : []),
  call(D.putDeviceByKey, values),
]

/** Writes a device identified by its token. */
const deviceByToken = (values: Values): readonly Call[] => [
  call(D.logChangesByToken, values),
  call(D.putDeviceByToken, values),
]
