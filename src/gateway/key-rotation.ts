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
import { vapidContext } from './vapid.ts'
import { webhookContext } from './webhooks.ts'

/** Rows of one step. */
const PIECE = 50
const FIRST = ['', '', ''] as const

/** What each sealed column is bound to, by its table: in the order in which they are sealed anew. */
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
}
const COLUMNS = Object.keys(SEALED_CONTEXTS)

export interface RotationState extends Pick<Rotation, 'done' | 'resealed' | 'failed'> {
  /** `none`: never asked for; `waiting`: there is a previous key, and nothing has begun. */
  readonly state: Rotation['state'] | 'none' | 'waiting'
  /** Sealed columns that are done, of so many. */
  readonly columns: number
  readonly of: number
  /** Whether the previous key may be taken away. */
  readonly previousNeeded: boolean
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

/** Seals everything that a previous master key sealed with the one of now: piece by piece, from where it was cut off. */
export interface KeyRotation {
  state(): Promise<RotationState>
  /** The same as long as a previous key is given, and else null, without asking the store. */
  underWay(): Promise<RotationState | null>
  /** Begins from the start. Throws `conflict` where no previous key is given. */
  begin(by: By): Promise<RotationState>
  /** Does one piece; whether there was one. It begins by itself where a previous key is given. */
  step(): Promise<boolean>
}

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Whether there is a previous key. */
  readonly rotates: boolean
}

export function createKeyRotation({ store, vault, now, ids, rotates }: Deps): KeyRotation {
  const audit = auditing({ now, ids })
  let begun = false

  async function begin(anew: boolean): Promise<Rotation> {
    // First: what is found by keyed hashes must be found without the previous key.
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
