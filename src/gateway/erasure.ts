import type { Device } from '../domain/device.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Page, TimePlace } from '../domain/page.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'

export interface ErasureDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly erasureMark: (appId: string, text: string) => Promise<string>
  /** Stores copies that wait in memory, so that the erasure finds them. */
  readonly copies: { write(): Promise<void> }
}

/** Erases a user in every dialect. Returns the devices deleted immediately; the rest follows in batches. */
export function createErasure(deps: ErasureDeps) {
  const { store, vault, now } = deps
  const entryOf = auditing(deps)
  const marksOf = (appId: string, texts: readonly string[]) =>
    Promise.all(texts.map((text) => deps.erasureMark(appId, text)))
  /** A keyed hash: anyone who knows the text can verify it, but nobody can read the text from it. */
  const hash = (appId: string, text: string) => vault.fingerprint(text, `${appId}/user`)

  /**
   * Marks the user, and their devices' ids and tokens, as erased: older imports do not restore them, and mirrors delete them.
   * Returns the marks for the first page of devices, to be written with the erasure. Marks for later pages are written here,
   * before it; an interrupted erasure repeats them.
   */
  async function forgotten(appId: string, user: string): Promise<readonly string[]> {
    const first: string[] = [`user ${user}`]
    let after: TimePlace | null = null
    do {
      const page: Page<Device> = await store.directory.devices(appId, { user }, { after, limit: 100 })
      const tokens = page.items.flatMap(({ pushToken }) => (pushToken ? [pushToken.token] : []))
      const ids = page.items.map(({ externalId }) => externalId)
      const mirrored = [user, ...ids, ...tokens].map((text) => hash(appId, text))
      await store.mirrors.forget(appId, await Promise.all(mirrored))
      const texts = [
        ...page.items.map(({ dialect, externalId }) => `id ${dialect} ${externalId}`),
        ...tokens.map((token) => `token ${token}`),
      ]
      if (after === null) first.push(...texts)
      else await store.imports.noteErased(appId, await marksOf(appId, texts), now())
      after = page.next
    } while (after !== null)
    return marksOf(appId, first)
  }

  return async (appId: string, userId: string, by: By = GATEWAY): Promise<number> => {
    const mirrors = await hash(appId, userId)
    await deps.copies.write()
    const entry = entryOf(by, 'user.erased', { appId, target: mirrors })
    const marks = { imports: await forgotten(appId, userId), mirrors }
    return store.users.erase(appId, userId, { at: now(), cause: by.cause }, entry, marks)
  }
}
