import type { Gateway } from '../gateway/gateway.ts'

interface Invocation {
  readonly executionCtx: { waitUntil(work: Promise<unknown>): void }
}

/** Reloads at intervals which apps have mirrors. Only the first request of an isolate waits for that. */
export function knowsMirrors(
  { mirrors }: Gateway,
  log: (record: { readonly msg: string; readonly error: unknown }) => void,
): (of: Invocation) => Promise<void> | undefined {
  let first: Promise<void> | undefined
  return ({ executionCtx }) => {
    if (!mirrors.stale()) return undefined
    const refreshed = mirrors.refresh().catch((error) => log({ msg: 'mirrors', error }))
    executionCtx.waitUntil(refreshed)
    first ??= refreshed
    return first
  }
}
