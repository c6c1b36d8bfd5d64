import { groupedBy } from '../domain/groups.ts'
import { comparedForm, PROVIDERS, type Provider, wrappedEndpoint } from '../domain/push-token.ts'
import { sha256Hex } from '../secrets/hash.ts'

/** A token's hashes, one per form in which providers compare tokens (identity R18), each with its providers. */
export function tokenHashes(
  token: string,
  provider?: Provider,
): readonly { readonly hash: string; readonly providers: readonly Provider[] }[] {
  const endpoint = wrappedEndpoint(token)
  const forms = groupedBy(provider ? [provider] : PROVIDERS, (one) =>
    comparedForm({ provider: one, token, endpoint }),
  )
  return [...forms].map(([form, providers]) => ({ hash: sha256Hex(form), providers }))
}
