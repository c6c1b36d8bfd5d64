import type { DialectApp } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Piece, Store, UserChange, UserKey, UserWork as Work } from '../store/store.ts'
import { createStep } from '../work/step.ts'

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
 * Changes to all devices of a user, who may have tens of thousands: the first batch is done before the caller is
 * answered, the rest is queued in the store.
 */
export interface UserWork {
  /** Throws `limit` if a device of the first batch cannot take the change, or the queue is full. */
  begin(user: UserRef, change: UserChange, cause: string): Promise<Piece>
  /** Processes one queued batch; false when idle. Safe to run concurrently: the work is leased during a step. */
  step(): Promise<boolean>
}

/** Most devices per batch; the store may take fewer, depending on their cost. */
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
  /** Skips only the device that cannot take the change, so that it blocks neither the others nor later work. */
  async function proceed(work: Work, lease: string): Promise<void> {
    for (const options of [{ most: PIECE }, { most: 1 }, { most: 1, skip: true }]) {
      try {
        await userWork.proceed(work, { ...options, lease }, now())
        return
      } catch (error) {
        const full = error instanceof GatewayError && (error.code === 'limit' || error.code === 'too_large')
        if (!full) throw error
      }
    }
  }

  return {
    begin: (user, change, cause) => {
      const at = now()
      return userWork.begin({ id: ids.row(), of: userKeyOf(user), change, cause, askedAt: at }, at)
    },
    step: createStep<Work>({
      claim: (terms, at) => userWork.claim(terms, at),
      run: (work, { lease }) => proceed(work, lease),
      now,
      newLease: ids.row,
    }),
  }
}
