import * as z from 'zod'

/**
 * Checks secrets, keys and identifiers that operators enter. They must equal the text inside the shipped app, so a copied
 * line end or a placeholder is refused immediately.
 */

/** Control and other invisible characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u

/** Placeholders that documentation uses for a value. */
const PLACEHOLDERS: readonly RegExp[] = [
  // <hex>, ws_<id>, [API token], {{key}}, ${KEY}, $KEY, %KEY%
  /^<.*>$|<[a-z][\w .:-]{2,}>/i,
  /^\[.*\]$|^\{.*\}$|^\$\{.*\}$|^\$\(.*\)$|^\$[A-Z_][A-Z0-9_]*$|^%[A-Z_]+%$/i,
  // ws_live_…, ...
  /…|\.{3}/,
  // XXXXX, XXXXX-XXXXX, ws_live_xxxxxxxx, ****
  /^x{3,}([-_.: ]x+)*$|_x{4,}$|^[*?.#_-]+$/i,
  // your-api-key-here, YOUR_TOKEN, yourSecret, insert your key, change-me
  /(^|[^a-z0-9])your([-_ .]|$)/i,
  /^[Yy]our(?=[A-Z])|^YOUR(?=[A-Z])/,
  /[-_ ]here$|^(change|replace)[-_ ]?(me|this)$|^(todo|tbd|fixme|placeholder)$/i,
]

/** The fault, as the end of a sentence, or null. */
export function provisionedFault(text: string): string | null {
  if (text.trim() !== text) return 'must not begin or end with white space, such as the end of a line'
  if (INVISIBLE.test(text)) return 'must not contain control characters or other invisible ones'
  return PLACEHOLDERS.some((one) => one.test(text))
    ? 'is a placeholder: put the real value in its place'
    : null
}

/** The schema of a secret, a key, an identifier or the name of one. */
export const provisioned = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      const message = provisionedFault(text)
      if (message !== null) context.addIssue({ code: 'custom', message })
    })
