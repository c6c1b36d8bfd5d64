import type { RegistrationDraft, RegistrationOutcome } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { countAlike, deactivateAlike, logAlike } from '../statements/alike.ts'
import type { DeviceRow } from '../statements/device-view.ts'
import * as F from '../statements/fresh.ts'
import { finishJobItemOfMade } from '../statements/jobs.ts'
import { setFirstTags, tagsOfMade } from '../statements/tags.ts'
import { announceMade } from '../statements/webhooks.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { lettingGo } from './user-room.ts'
import { draftValues, json, type OccasionValues } from './values.ts'

/**
 * Whether the short plan handles everything in the registration. Cases that depend on the device being active, or on a
 * limit, use the full plan.
 */
export function freshSuffices(draft: RegistrationDraft, { now }: OccasionValues): boolean {
  const { existing, holding, patch, topics, policy } = draft
  const expired = patch.expiresAt != null && patch.expiresAt.getTime() <= now
  const tooMany = topics?.when === 'always' && policy !== null && topics.names.length > policy.limit
  return !existing && holding === undefined && !expired && !tooMany
}

/** Creates a device if no row of it exists; otherwise writes nothing and returns null. */
export async function registerFresh(
  db: Db,
  draft: RegistrationDraft,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | null> {
  const repeatable = repeatableTags(draft.tags)
  const values = freshValues(draft, occasion)
  const { device, skipped, after } = await commit(db, freshPlan(draft, values), { repeatable })
  if (device.length === 0) return null
  const row = after[0]?.[0] ?? rowOf(values)
  return { device: toDevice(row), created: true, skippedTags: skipped.flat().map(({ name }) => name) }
}

type Values = ReturnType<typeof freshValues>

const topicsOf = ({ topics, policy }: RegistrationDraft): readonly string[] =>
  topics && policy ? [...new Set(topics.names)] : []

/** Each statement writes only if the previous one did. */
function freshPlan(draft: RegistrationDraft, values: Values) {
  const { token, job, replacesAlike, firstTags, tags } = draft
  const most = draft.limits?.devices ?? null
  const topics = topicsOf(draft).length > 0
  const tagged = firstTags.length > 0 || tags.length > 0
  return {
    device: call((most === null ? F.insertDevice : F.insertWithin)[job ? 'ofJob' : 'alone'], values),
    writes: [
      ...(job ? [call(finishJobItemOfMade, values)] : []),
      ...(token ? [call(F.insertToken, values)] : []),
      call(F.logMade, values),
      call(F.countMade, values),
      ...(topics ? [call(F.insertTopics, values)] : []),
      // From here on, the device's existence shows whether it was created.
      ...(replacesAlike
        ? [call(countAlike, values), call(logAlike, values), call(deactivateAlike, values)]
        : []),
      ...(firstTags.length > 0 ? [call(setFirstTags, values)] : []),
      ...tagPlan(tagsOfMade, tags, values),
      ...(draft.announce ? [call(announceMade, values)] : []),
      ...lettingGo(draft, values),
    ],
    skipped: tags.length > 0 ? [call(tagsOfMade.skipped, values)] : [],
    // The lists are read back, because only the store knows their order.
    after:
      (topics && values.withTopics === 1) || (tagged && values.withTags === 1) ? [call(F.made, values)] : [],
  }
}

function freshValues(draft: RegistrationDraft, occasion: OccasionValues) {
  const topics = topicsOf(draft)
  const { key, token, patch, platform, policy } = draft
  const { user, ifNone } = patch
  const enabled = patch.enabled ?? true
  const active = enabled && token !== null
  return {
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
    dialects: json([key.dialect]),
    bucket: `${key.dialect}/${platform}/${token?.provider ?? ''}/${active ? 1 : 0}`,
    day: new Date(occasion.now).toISOString().slice(0, 10),
    topics: json(topics),
    countedTopics: json(enabled ? topics : []),
    withIds: policy?.ids ? 1 : 0,
    automatic: json(policy?.automatic ?? []),
    ...draftValues(draft, occasion),
  }
}

/** The device as it was written, without its lists. */
const rowOf = (values: Values): DeviceRow => ({
  id: values.deviceId,
  app_id: values.app,
  dialect: values.dialect,
  external_id: values.externalId,
  platform: values.platform,
  user_id: values.userId,
  user_proved: values.userProved,
  enabled: values.enabled,
  superseded_at: null,
  expires_at: values.expiresAt,
  name: values.name,
  model: values.model,
  os_version: values.osVersion,
  app_version: values.appVersion,
  sdk_version: values.sdkVersion,
  language: values.language,
  timezone: values.timezone,
  details: values.details,
  created_at: values.now,
  updated_at: values.now,
  last_seen_at: values.now,
  imported_at: null,
  live_at: null,
  token_id: values.tokenId,
  provider: values.provider,
  token: values.token,
  environment: values.environment,
  keys: values.keys,
  state: values.tokenId === null ? null : 'live',
  state_at: values.now,
  registered_at: values.now,
  delivered_at: null,
  topics: '[]',
  topic_ids: '[]',
  tags: '{}',
})
