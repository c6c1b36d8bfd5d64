import type { Provisioning, ShownSecret } from '../adapter.ts'
import type { AppRecord, Credential } from '../domain/app.ts'
import { type Device, installationOf, isActive } from '../domain/device.ts'
import type { Event } from '../domain/event.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { WebhookState } from '../domain/webhook.ts'
import type {
  AppStats,
  AuditEntry,
  FeedbackCounts,
  FormerDevice,
  Held,
  HeldState,
  Installation,
  StoredProvider,
  TopicCount,
} from '../store/store.ts'
import { masked } from '../wire/refused.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { shownMirror } from './mirrors.ts'
import type { Refusal } from './refusals.ts'

/** An app's document, in the same form as for creation; contains only secrets passed here. */
export function presentApp(
  app: AppRecord,
  provisioningOf: (dialect: string) => Provisioning | undefined,
  secretsOf: (dialect: string) => readonly ShownSecret[],
): Answer<typeof A.App> {
  const dialects = app.dialects.flatMap((setup) => {
    const shown = provisioningOf(setup.dialect)?.show(setup, secretsOf(setup.dialect))
    const mirror = shownMirror(setup)
    return shown ? [[setup.dialect, mirror ? { ...shown, mirror } : shown] as const] : []
  })
  return {
    id: app.id,
    name: app.name,
    dialects: Object.fromEntries(dialects),
    vapid: app.vapid,
    settings: app.settings,
    limits: app.limits,
    retention: app.retention,
    createdAt: app.createdAt.toISOString(),
    updatedAt: app.updatedAt.toISOString(),
  }
}

export function presentCredential(credential: Credential, secret?: string): Answer<typeof A.Credential> {
  return {
    id: credential.id,
    dialect: credential.dialect,
    kind: credential.kind,
    name: credential.name,
    scopes: credential.scopes,
    hint: credential.hint,
    createdAt: credential.createdAt.toISOString(),
    lastUsedAt: credential.lastUsedAt?.toISOString() ?? null,
    ...(secret !== undefined && { secret }),
  }
}

/** A device; every member is always present (design.md, section 5). */
export function presentDevice(device: Device): Answer<typeof A.Device> {
  return {
    id: device.id,
    dialect: device.dialect,
    externalId: device.externalId,
    installationId: installationOf(device),
    platform: device.platform,
    provider: device.pushToken?.provider ?? null,
    environment: device.pushToken?.environment ?? null,
    token: device.pushToken?.token ?? null,
    userId: device.user?.id ?? null,
    userProved: device.user?.proved ?? false,
    topics: device.topics,
    tags: device.tags,
    active: isActive(device),
    name: device.name,
    model: device.model,
    osVersion: device.osVersion,
    appVersion: device.appVersion,
    sdkVersion: device.sdkVersion,
    language: device.language,
    timezone: device.timezone,
    badge: typeof device.details.badge === 'number' ? device.details.badge : null,
    createdAt: device.createdAt.toISOString(),
    updatedAt: device.updatedAt.toISOString(),
    lastSeenAt: device.lastSeenAt.toISOString(),
    importedAt: device.importedAt?.toISOString() ?? null,
    liveAt: device.liveAt?.toISOString() ?? null,
    supersededAt: device.supersededAt?.toISOString() ?? null,
  }
}

/** A phone or browser: the devices with one push token, and the union of their topics. */
export function presentInstallation({ id, devices }: Installation): Answer<typeof A.Installation> {
  const token = devices[0]?.pushToken ?? null
  return {
    id,
    provider: token?.provider ?? null,
    environment: token?.environment ?? null,
    token: token?.token ?? null,
    state: token?.state ?? null,
    devices: devices.map(presentDevice),
    topics: [...new Set(devices.flatMap((device) => device.topics))].sort(),
  }
}

export const presentTopic = (topic: TopicCount): Answer<typeof A.Topic> => topic

export const presentFeedback = (counts: FeedbackCounts): Answer<typeof A.FeedbackCounts> => counts

export function presentReceipt(receipt: Receipt): Answer<typeof A.Receipt> {
  return { ...receipt, firstAt: receipt.firstAt.toISOString(), lastAt: receipt.lastAt.toISOString() }
}

/** Omits members that are given by the request's path. */
export function presentEvent({ kind, cause, detail, at, id }: Event): Answer<typeof A.Event> {
  return { ...(id !== undefined && { id }), kind, cause, detail: { ...detail }, at: at.toISOString() }
}

/** All data held about a user except the devices. */
export function presentHeld({ counts, events, receipts, keptStates, ...more }: Held): Answer<typeof A.Held> {
  return {
    held: counts,
    events: events.map((event) => ({ ...presentEvent(event), deviceId: event.deviceId })),
    receipts: receipts.map(presentReceipt),
    jobRows: more.jobRows,
    clients: more.clients,
    keptStates: keptStates.map(presentState),
  }
}

function presentState({ at, until, token, device, ...state }: HeldState): Answer<typeof A.KeptState> {
  return {
    ...state,
    at: at.toISOString(),
    until: until.toISOString(),
    provider: token?.provider ?? null,
    token: token && masked(token.token),
    device: device && presentFormer(device),
  }
}

const presentFormer = ({ user, ...device }: FormerDevice): Answer<typeof A.FormerDevice> => ({
  ...device,
  userId: user?.id ?? null,
  userProved: user?.proved ?? false,
  createdAt: device.createdAt.toISOString(),
  updatedAt: device.updatedAt.toISOString(),
  lastSeenAt: device.lastSeenAt.toISOString(),
  importedAt: device.importedAt?.toISOString() ?? null,
  liveAt: device.liveAt?.toISOString() ?? null,
})

export function presentEntry({ at, appId, cause, ...entry }: AuditEntry): Answer<typeof A.AuditEntry> {
  const { id, actor, action, target, detail } = entry
  return { id, at: at.toISOString(), actor, action, app: appId, target, detail, requestId: cause }
}

export function presentStats(stats: AppStats): Answer<typeof A.Stats> {
  const { total, active, inUse, byDialect, byPlatform, byProvider, perDay } = stats
  return {
    devices: { total, active, inUse, byDialect, byPlatform, byProvider },
    registrationsPerDay: perDay.map(({ date, registrations }) => ({ date, count: registrations })),
  }
}

export function presentWebhook(state: WebhookState, now: Date): Answer<typeof A.Webhook> {
  const { createdAt, updatedAt, restingUntil, ...rest } = state
  return { ...rest, ...webhookTimes(state, now) }
}

export function presentRevealed(
  state: WebhookState & { readonly secret: string | null },
  now: Date,
): Answer<typeof A.RevealedWebhook> {
  const { createdAt, updatedAt, restingUntil, ...rest } = state
  return { ...rest, ...webhookTimes(state, now) }
}

const webhookTimes = ({ createdAt, updatedAt, restingUntil }: WebhookState, now: Date) => ({
  restingUntil: restingUntil > now ? restingUntil.toISOString() : null,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** The non-secret part of a credential, as its push service defines it. */
export function presentProvider(provider: StoredProvider, now: Date): Answer<typeof A.Provider> {
  const { kind, shown, state, reason, since, restingUntil, dialect, createdAt, updatedAt } = provider
  return {
    ...shown,
    ...{ kind, state, reason, dialect },
    since: since?.toISOString() ?? null,
    restingUntil: restingUntil > now ? restingUntil.toISOString() : null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

export function presentRefusal(refusal: Refusal): Answer<typeof A.Refusal> {
  return { ...refusal, at: refusal.at.toISOString() }
}
