import type { Operator } from '../domain/operator.ts'
import type { OperatorKey } from '../store/store.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

export const presentOperator = ({ name, role, expiresAt }: Operator): Answer<typeof A.Whoami> => ({
  ...{ name, role, expiresAt: expiresAt?.toISOString() ?? null },
})

export function presentOperatorKey(key: OperatorKey, secret?: string): Answer<typeof A.OperatorKey> {
  const { id, name, role, about, createdAt, expiresAt, lastUsedAt } = key
  return {
    ...{ id, name, role, about, createdAt: createdAt.toISOString() },
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    ...(secret !== undefined && { secret }),
  }
}
