import type { Clock, Ids } from '../domain/ids.ts'
import type { AuditEntry } from '../store/store.ts'

/** Who asks for a change, and by which request. */
export interface By {
  /** The name of the token. */
  readonly actor: string
  readonly cause: string
}
/** For what asks by itself, without a request. */
export const GATEWAY: By = { actor: 'gateway', cause: 'unknown' }

/** Makes the entries of the audit. */
export const auditing =
  ({ now, ids }: { readonly now: Clock; readonly ids: Ids }) =>
  (
    by: By,
    action: string,
    of: Pick<AuditEntry, 'appId'> & Partial<Pick<AuditEntry, 'target' | 'detail'>>,
  ): AuditEntry => ({ id: ids.row(), at: now(), target: null, detail: {}, ...of, ...by, action })
