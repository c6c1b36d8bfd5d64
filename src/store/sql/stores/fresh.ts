import type { RegistrationDraft, RegistrationOutcome } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { countAlike, deactivateAlike, logAlike } from '../statements/alike.ts'
import * as F from '../statements/fresh.ts'
import { finishJobItemOfMade } from '../statements/jobs.ts'
import { setFirstTags, tagsOfMade } from '../statements/tags.ts'
import { announceMade } from '../statements/webhooks.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { json, type OccasionValues } from './values.ts'

/**
 * Whether the short plan knows all that such a registration does. What depends on the device being in use, or on a
 * limit, is left to the full plan.
 */
export function freshSuffices(draft: RegistrationDraft, { now }: OccasionValues): boolean {
  const { existing, holding, patch, topics, policy } = draft
  const expired = patch.expiresAt != null && patch.expiresAt.getTime() <= now
  const tooMany = topics?.when === 'always' && policy !== null && topics.names.length > policy.limit
  return !existing && holding === undefined && !expired && !tooMany
}

/** Makes a device of which nothing is there; null, and nothing written, where something is. */
export async function registerFresh(
  db: Db,
  draft: RegistrationDraft,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | null> {
  const repeatable = repeatableTags(draft.tags)
  const { device, skipped, after } = await commit(db, freshPlan(draft, occasion), { repeatable })
  const [row] = after
  if (!row || device.length === 0) return null
  return { device: toDevice(row), created: true, skippedTags: skipped.flat().map(({ name }) => name) }
}

/** Each writes only where the one before it did. */
function freshPlan(draft: RegistrationDraft, occasion: OccasionValues) {
  const names = draft.topics && draft.policy ? [...new Set(draft.topics.names)] : []
  const values = freshValues(draft, occasion, names)
  const { token, job, replacesAlike, firstTags, tags } = draft
  return {
    device: call(F.insertDevice[job ? 'ofJob' : 'alone'], values),
    writes: [
      ...(job ? [call(finishJobItemOfMade, values)] : []),
      ...(token ? [call(F.insertToken, values)] : []),
      call(F.logMade, values),
      call(F.countMade, values),
      ...(names.length > 0 ? [call(F.insertTopics, values)] : []),
      // From here on the device tells whether it was made.
      ...(replacesAlike
        ? [call(countAlike, values), call(logAlike, values), call(deactivateAlike, values)]
        : []),
      ...(firstTags.length > 0 ? [call(setFirstTags, values)] : []),
      ...tagPlan(tagsOfMade, tags, values),
      ...(draft.announce ? [call(announceMade, values)] : []),
    ],
    skipped: tags.length > 0 ? [call(tagsOfMade.skipped, values)] : [],
    after: call(F.made, values),
  }
}

function freshValues(draft: RegistrationDraft, occasion: OccasionValues, topics: readonly string[]) {
  const { key, token, patch, platform, policy, job } = draft
  const { user, ifNone } = patch
  const enabled = patch.enabled ?? true
  const active = enabled && token !== null
  return {
    app: key.appId,
    dialect: key.dialect,
    externalId: key.externalId,
    now: occasion.now,
    cause: occasion.cause,
    change: occasion.change,
    announcement: draft.deviceId,
    deviceId: draft.deviceId,
    platform,
    userId: user?.id ?? ifNone?.user?.id ?? null,
    userProved: (user === undefined ? ifNone?.user : user)?.proved ? 1 : 0,
    enabled: enabled ? 1 : 0,
    expiresAt: patch.expiresAt?.getTime() ?? null,
    name: patch.name ?? null,
    model: patch.model ?? null,
    osVersion: patch.osVersion ?? null,
    appVersion: patch.appVersion ?? null,
    sdkVersion: patch.sdkVersion ?? null,
    language: patch.language ?? ifNone?.language ?? null,
    timezone: patch.timezone ?? null,
    details: json(patch.details ?? {}),
    tokenId: token?.id ?? null,
    provider: token?.provider ?? null,
    hash: token?.hash ?? null,
    token: token?.token ?? null,
    environment: token?.environment ?? null,
    keys: token?.keys ? json(token.keys) : null,
    dialects: json([key.dialect]),
    bucket: `${key.dialect}/${platform}/${token?.provider ?? ''}/${active ? 1 : 0}`,
    day: new Date(occasion.now).toISOString().slice(0, 10),
    topics: json(topics),
    countedTopics: json(enabled ? topics : []),
    ids: policy?.ids ? 1 : 0,
    automatic: json(policy?.automatic ?? []),
    changes: json(draft.tags),
    firstTags: json(draft.firstTags),
    job: job?.job ?? null,
    position: job?.position ?? null,
  }
}
