import type { DialectApp } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Piece, Store, UserChange, UserKey, UserWork as Work } from '../store/store.ts'

/** A user's devices in the app's dialect. */
export interface UserRef {
  readonly app: DialectApp
  readonly userId: string
}

export const userKeyOf = ({ app, userId }: UserRef): UserKey => ({
  appId: app.app.id,
  dialect: app.dialect,
  userId,
})

/**
 * Changes of all devices of a user, who may have fifty thousand: the first piece is done when the caller is answered,
 * the rest waits in the store.
 */
export interface UserWork {
  /** Throws `limit` where a device of the first piece cannot take the change, or too much waits already. */
  ask(of: UserRef, change: UserChange, cause: string): Promise<Piece>
  /** Does a piece of what waits; false where nothing does. To be called from anywhere, as often as one likes. */
  step(): Promise<boolean>
}

/** Devices of one piece; the store looks at their cost too. */
const PIECE = 500

export function createUserWork({
  store: { userWork },
  now,
  ids,
}: {
  store: Store
  now: Clock
  ids: Ids
}): UserWork {
  /** A device that cannot take a change is passed over alone; it holds back neither the others nor later work. */
  async function proceed(work: Work): Promise<void> {
    for (const options of [{ most: PIECE }, { most: 1 }, { most: 1, skip: true }]) {
      try {
        await userWork.proceed(work, options, now())
        return
      } catch (error) {
        const full = error instanceof GatewayError && (error.code === 'limit' || error.code === 'too_large')
        if (!full) throw error
      }
    }
  }

  return {
    ask: (of, change, cause) => {
      const at = now()
      return userWork.begin({ id: ids.row(), of: userKeyOf(of), change, cause, askedAt: at }, at)
    },
    async step() {
      const work = await userWork.next()
      if (work) await proceed(work)
      return work !== null
    },
  }
}
