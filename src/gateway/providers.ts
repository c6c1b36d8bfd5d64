import type { Lane, Probe, PushProvider } from '../delivery/provider.ts'
import type { DialectApp } from '../domain/app.ts'
import { appGone, GatewayError } from '../domain/error.ts'
import type { Ids } from '../domain/ids.ts'
import { invalidBy } from '../domain/issues.ts'
import type { StoredProvider } from '../store/store.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { credentialContext, type LanesDeps, openLane } from './lanes.ts'

type Document = Readonly<Record<string, unknown>>

/** An app's credentials for push services. */
export interface Providers {
  /** By kind. Throws `app_unknown`. */
  list(appId: string): Promise<readonly StoredProvider[]>
  /** Throws `app_unknown`, or `not_found` if there is no credential of the kind. */
  find(appId: string, kind: string): Promise<StoredProvider>
  /**
   * Creates or replaces a credential, then probes it for a few seconds at most. Throws `app_unknown`, `not_found` for an
   * unknown service, or `invalid`; then the previous credential stays.
   */
  put(
    appId: string,
    kind: string,
    document: Document,
    by?: By,
  ): Promise<{ readonly created: boolean; readonly provider: StoredProvider }>
  /** Throws `app_unknown`, or `not_found` if there is no credential of the kind. */
  remove(appId: string, kind: string, by?: By): Promise<void>
  /**
   * Stores a credential from a dialect's own settings, unless an operator set one of its kind. False if it was not stored,
   * also because it is unusable here. Does not probe.
   */
  offer(app: DialectApp, document: Document & { readonly kind: string }, cause: string): Promise<boolean>
  /** Removes a credential that came from the dialect's settings. */
  withdraw(app: DialectApp, kind: string, cause: string): Promise<void>
  /** Asks the service about the credential and stores the result. Never rejects. */
  probe(appId: string, kind: string): Promise<void>
}

export interface ProvidersDeps extends LanesDeps {
  readonly ids: Ids
}

const PROBE_MILLISECONDS = 5000

export function createProviders(deps: ProvidersDeps): Providers {
  const { store, push, now } = deps
  const entryOf = auditing(deps)

  const serviceOf = (kind: string) => push.all.find((one) => one.kind === kind)

  async function existing(appId: string): Promise<void> {
    if (!(await store.apps.get(appId))) throw new GatewayError('app_unknown', 'There is no app with this id.')
  }

  const write = writer(deps)

  async function ask(appId: string, kind: string): Promise<void> {
    const stored = await store.providers.find(appId, kind)
    if (!stored) return
    const { state, reason } = await probed(deps, stored)
    // Only a positive answer closes the circuit.
    const circuit = state === 'ok' ? { failures: 0, restingUntil: new Date(0) } : stored
    const { failures, restingUntil } = circuit
    await store.providers.note(stored, { state, reason, failures, restingUntil }, now())
  }

  const probe = (appId: string, kind: string) =>
    ask(appId, kind).catch((error) => push.reach.log({ msg: 'probe', app: appId, kind, error }))

  return {
    async list(appId) {
      await existing(appId)
      return store.providers.list(appId)
    },

    async find(appId, kind) {
      await existing(appId)
      return (await store.providers.find(appId, kind)) ?? notSet()
    },

    async put(appId, kind, document, by = GATEWAY) {
      await existing(appId)
      const service = serviceOf(kind)
      if (!service) throw new GatewayError('not_found', 'There is no push service of this kind.')
      const parsed = await service.schema(push.rules).safeParseAsync(document)
      if (!parsed.success) throw invalidBy(parsed.error.issues)
      const outcome = await write({ appId, dialect: null, service, credential: parsed.data, by })
      if (outcome === 'gone') throw appGone()
      // The credential is already stored, so the call succeeds whatever the probe finds.
      await probe(appId, kind)
      const provider = (await store.providers.find(appId, kind)) ?? notSet()
      return { created: outcome === 'created', provider }
    },

    async remove(appId, kind, by = GATEWAY) {
      await existing(appId)
      const entry = entryOf(by, 'provider.deleted', { appId, target: kind })
      if (!(await store.providers.remove(appId, kind, { dialect: null }, entry))) notSet()
    },

    async offer({ app, dialect }, document, cause) {
      const service = serviceOf(document.kind)
      const parsed = await service?.schema(push.rules).safeParseAsync(document)
      if (!service || !parsed?.success) return false
      const by = { ...GATEWAY, cause }
      const outcome = await write({ appId: app.id, dialect, service, credential: parsed.data, by })
      return outcome === 'created' || outcome === 'replaced'
    },

    async withdraw({ app, dialect }, kind, cause) {
      const subject = { appId: app.id, target: kind, detail: { dialect } }
      const entry = entryOf({ ...GATEWAY, cause }, 'provider.deleted', subject)
      await store.providers.remove(app.id, kind, { dialect }, entry)
    },

    probe,
  }
}

function notSet(): never {
  throw new GatewayError('not_found', 'The app has no provider of this kind.')
}

/** Seals and stores a credential that has passed its service's schema. */
function writer(deps: ProvidersDeps) {
  const { store, vault, now, ids } = deps
  const entryOf = auditing(deps)
  return async (of: {
    readonly appId: string
    readonly dialect: string | null
    readonly service: PushProvider
    readonly credential: unknown
    readonly by: By
  }) => {
    const { appId, dialect, service, credential, by } = of
    const { kind } = service
    const shown = service.show(credential)
    const draft = {
      kind,
      dialect,
      shown,
      version: ids.row(),
      sealed: await vault.seal(JSON.stringify(credential), credentialContext(appId, kind)),
    }
    const detail = { provider: shown, ...(dialect !== null && { dialect }) }
    const entry = entryOf(by, 'provider.set', { appId, target: kind, detail })
    return store.providers.put(appId, draft, now(), entry)
  }
}

/** The service's verdict; a timeout is no verdict. */
async function probed(deps: ProvidersDeps, stored: StoredProvider): Promise<Probe> {
  const lane = await openLane(deps, stored)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Probe>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'ok', reason: 'timeout' }), PROBE_MILLISECONDS)
  })
  try {
    return await Promise.race([lane.probe(), late])
  } finally {
    clearTimeout(timer)
    close(deps, lane)
  }
}

/** Not awaited: an abandoned request may take long to end. */
function close({ push }: ProvidersDeps, lane: Lane): void {
  lane.close().catch((error) => push.reach.log({ msg: 'probe', error }))
}
