import type { Clock, Ids } from '../domain/ids.ts'
import type { AuditEntry } from '../store/store.ts'

/** Who requested a change. */
export interface By {
  /** The admin token's name. */
  readonly actor: string
  /** The request id. */
  readonly cause: string
}
/** For changes that the gateway itself starts, without a request. */
export const GATEWAY: By = { actor: 'gateway', cause: 'unknown' }

/** Builds audit entries. */
export const auditing =
  ({ now, ids }: { readonly now: Clock; readonly ids: Ids }) =>
  (
    by: By,
    action: string,
    subject: Pick<AuditEntry, 'appId'> & Partial<Pick<AuditEntry, 'target' | 'detail'>>,
  ): AuditEntry => ({ id: ids.row(), at: now(), target: null, detail: {}, ...subject, ...by, action })
