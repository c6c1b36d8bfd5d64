import type { Reason } from '../domain/refusal.ts'

/** A refused call of a dialect. */
export interface Refusal extends Reason {
  readonly at: Date
  readonly requestId: string
  readonly dialect: string
  readonly app: string | null
  readonly route: string
  readonly status: number
  /** The masked identifier of the app, key or client that the caller sent. */
  readonly identifier: string | null
}

export interface RefusalFilter {
  readonly app?: string | undefined
  readonly dialect?: string | undefined
  readonly limit: number
}

/** The last refusals of this process or isolate, kept only in memory. */
export interface Refusals {
  note(refusal: Refusal): void
  /** Newest first. */
  list(filter: RefusalFilter): readonly Refusal[]
}

const MOST = 1000
/** Texts are cut at this length; most are shorter, but routes and values from runtimes may be longer. */
const LONGEST = 300

export function createRefusals(): Refusals {
  const kept: Refusal[] = []
  return {
    note(refusal) {
      kept.push({
        ...refusal,
        route: refusal.route.slice(0, LONGEST),
        app: refusal.app?.slice(0, LONGEST) ?? null,
      })
      if (kept.length > MOST) kept.shift()
    },
    list: ({ app, dialect, limit }) =>
      kept
        .filter(
          (one) =>
            (app === undefined || one.app === app) && (dialect === undefined || one.dialect === dialect),
        )
        .slice(-limit)
        .reverse(),
  }
}
