import * as z from 'zod'
import type { CredentialRules } from './provider.ts'

/** Why an address cannot be called, as a sentence; undefined if it can. */
export function addressFault(text: string, { allows }: Pick<CredentialRules, 'allows'>): string | undefined {
  const url = urlOf(text)
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be a URL that begins with https: or http:'
  if (url.username || url.password || url.search || url.hash)
    return 'must not have a user, password, query or fragment'
  return allows(url) ? undefined : 'is a private address; ALLOW_PRIVATE_TARGETS=on allows it'
}

/** Undefined for a text that is not a URL. */
export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** An address that can be called. */
export const address = (rules: Pick<CredentialRules, 'allows'>) =>
  z
    .string()
    .max(500)
    .superRefine((text, context) => {
      const message = addressFault(text, rules)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })

/** The base URL in place of the vendor's; null for the vendor's. */
export const endpoint = (rules: Pick<CredentialRules, 'allows'>) =>
  address(rules)
    .nullish()
    .transform((text) => text ?? null)
