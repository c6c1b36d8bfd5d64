import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import type { GatewayError } from '../domain/error.ts'
import type { Reason } from '../domain/refusal.ts'

/** So many reasons of one call are kept: a list may be refused item by item. */
const MOST_REASONS = 20
const LONGEST_REASON = 300
/** A quoted text of this length may be a token, an address or a person's name. */
const LONGEST_QUOTED = 12

/** Notes for the log what the caller named its app, its key or its client by; only its ends are kept. */
export const tried = (c: Context<AppEnv>, identifier: string): void => c.set('identifier', masked(identifier))

/** Notes a refusal for the log and the list of refusals: whoever answers one without throwing it calls this. */
export function refused(c: Context<AppEnv>, error: GatewayError): void {
  const known = c.get('refused') ?? []
  if (known.length < MOST_REASONS) c.set('refused', [...known, reasonOf(error)])
}

const reasonOf = ({ code, reason, message }: GatewayError): Reason => ({
  code,
  reason: (reason ?? withoutQuoted(message)).slice(0, LONGEST_REASON),
})

const withoutQuoted = (message: string): string =>
  message
    .slice(0, 2 * LONGEST_REASON)
    .replace(/"((?:[^"\\]|\\.)*)("|$)/g, (whole, text: string) =>
      text.length > LONGEST_QUOTED ? `"${masked(text)}"` : whole,
    )

/** The first four and the last two characters of a text; less of a short one. */
export function masked(text: string): string {
  return text.length >= 12
    ? `${text.slice(0, 4)}…${text.slice(-2)}`
    : `${text.slice(0, Math.floor(text.length / 3))}…`
}
