import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { MARKS_CONTEXT, type Vault } from '../secrets/vault.ts'
import type { Rotation, SealedValue, Store } from '../store/store.ts'
import { createStep } from '../work/step.ts'
import { sealContext } from './apps.ts'
import { auditing, type By } from './auditing.ts'
import { copyContext } from './copy-drafts.ts'
import { mirrorContext } from './drafts.ts'
import { feedHookContext } from './feed-hooks.ts'
import { keptContext } from './kept-secrets.ts'
import { credentialContext } from './lanes.ts'
import { stateContext } from './undos.ts'
import { vapidContext } from './vapid.ts'
import { webhookContext } from './webhooks.ts'

/** Rows of one step. */
const PIECE = 50
const FIRST = ['', '', ''] as const

/** Per table: the context that its sealed column is bound to, in the order of re-encryption. */
export const SEALED_CONTEXTS: Readonly<Record<string, (of: SealedValue) => string>> = {
  vaultState: () => MARKS_CONTEXT,
  apps: ({ appId }) => vapidContext(appId),
  credentials: ({ appId, dialect, kind }) => sealContext(appId, dialect, kind),
  documents: ({ appId, dialect, kind }) => sealContext(appId, dialect, `document/${kind}`),
  signingKeys: ({ appId, dialect }) => sealContext(appId, dialect, 'signing-key'),
  clients: ({ appId, dialect }) => sealContext(appId, dialect, 'client-key'),
  providers: ({ appId, kind }) => credentialContext(appId, kind),
  laneSecrets: ({ appId, kind, version, name }) => keptContext({ appId, kind, version }, name),
  webhooks: ({ key: [id] }) => webhookContext(id),
  feedHooks: ({ key: [id] }) => feedHookContext(id),
  mirrorCopies: ({ appId, dialect }) => copyContext(appId, dialect),
  appDialects: ({ appId, dialect }) => mirrorContext(appId, dialect),
  keptStates: ({ appId, key: [subject] }) => stateContext({ appId, subject }),
}
const COLUMNS = Object.keys(SEALED_CONTEXTS)

export interface RotationState extends Pick<Rotation, 'done' | 'resealed' | 'failed'> {
  /** `none`: no previous key and no rotation so far; `waiting`: a previous key is configured, and nothing has begun. */
  readonly state: Rotation['state'] | 'none' | 'waiting'
  /** Finished sealed columns, and their total number. */
  readonly columns: number
  readonly of: number
  /** Whether the previous key must stay configured. */
  readonly previousNeeded: boolean
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

/** Re-encrypts everything sealed with a previous master key, in batches; continues after a restart. */
export interface KeyRotation {
  state(): Promise<RotationState>
  /** `state` while a previous key is configured; otherwise null, without a query. */
  underWay(): Promise<RotationState | null>
  /** Starts from the beginning. Throws `conflict` if no previous key is configured. */
  begin(by: By): Promise<RotationState>
  /** Processes one batch; false if there was none. Begins on its own if a previous key is configured. */
  step(): Promise<boolean>
}

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Whether a previous key is configured. */
  readonly rotates: boolean
}

export function createKeyRotation({ store, vault, now, ids, rotates }: Deps): KeyRotation {
  const audit = auditing({ now, ids })
  let begun = false

  async function begin(anew: boolean): Promise<Rotation> {
    // First, so that rows found by keyed hashes remain findable without the previous key.
    await store.vault.keepMarks(await vault.seal(await vault.marksKey(), MARKS_CONTEXT), now())
    return store.vault.begin(await vault.keyMark(), anew, now())
  }

  async function piece(rotation: Rotation, lease: string): Promise<void> {
    const { place, ...counts } = rotation
    const column = COLUMNS[place.columns] ?? ''
    const values = await store.vault.page(column, place.after, PIECE)
    const contextOf = SEALED_CONTEXTS[column] ?? (() => '')
    const fresh = await Promise.all(
      values.map((one) => vault.reseal(one.sealed, contextOf(one)).catch(() => undefined)),
    )
    const resealed = values.flatMap(({ key, sealed: stale }, at) => {
      const made = fresh[at]
      return typeof made === 'string' ? [{ key, stale, fresh: made }] : []
    })
    const last = values.length < PIECE
    const columns = place.columns + (last ? 1 : 0)
    const over = columns >= COLUMNS.length
    await store.vault.settle(
      lease,
      { column, values: resealed },
      {
        place: { columns, after: last ? FIRST : (values.at(-1)?.key ?? FIRST) },
        state: over ? 'completed' : 'running',
        done: counts.done + values.length,
        resealed: counts.resealed + resealed.length,
        failed: counts.failed + fresh.filter((one) => one === undefined).length,
        finishedAt: over ? now() : null,
      },
    )
  }

  const next = createStep<Rotation>({
    claim: (terms, at) => store.vault.claim(terms, at),
    run: (rotation, { lease }) => piece(rotation, lease),
    ...{ now, newLease: ids.row },
  })

  async function state(): Promise<RotationState> {
    const found = await store.vault.rotation()
    const current = found && (!rotates || found.mark === (await vault.keyMark()))
    const nothing = { done: 0, resealed: 0, failed: 0, startedAt: null, finishedAt: null }
    if (!found || !current)
      return {
        ...{ ...nothing, state: rotates ? 'waiting' : 'none', columns: 0, of: COLUMNS.length },
        previousNeeded: rotates,
      }
    const { mark, place, ...rest } = found
    const previousNeeded = rest.state === 'running' || rest.failed > 0
    return { ...rest, columns: place.columns, of: COLUMNS.length, previousNeeded }
  }

  return {
    state,
    underWay: async () => (rotates ? state() : null),
    async begin(by) {
      if (!rotates)
        throw new GatewayError(
          'conflict',
          'There is no previous key: set MASTER_KEY to the new one and MASTER_KEY_PREVIOUS to the old one.',
        )
      await begin(true)
      await store.audit.note(audit(by, 'keys.rotate', { appId: null }))
      return state()
    },
    async step() {
      if (!rotates) return false
      if (!begun) await begin(false)
      begun = true
      return next()
    },
  }
}
