import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import type { GatewayError } from '../domain/error.ts'
import type { Reason } from '../domain/refusal.ts'

/** Most reasons recorded per call; the items of a list may be refused one by one. */
const MOST_REASONS = 20
const LONGEST_REASON = 300
/** Longer quoted texts are masked: they may be a token, an address or a person's name. */
const LONGEST_QUOTED = 12

/** Records a refusal for the log and the list of refusals. Call it when answering a refusal without throwing it. */
export function refused(c: Context<AppEnv>, error: GatewayError): void {
  const { refused: known } = c.get('notes')
  if (known.length < MOST_REASONS) known.push(reasonOf(error))
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

/** The first four and last two characters of a text; fewer of a short one. */
export function masked(text: string): string {
  return text.length >= 12
    ? `${text.slice(0, 4)}…${text.slice(-2)}`
    : `${text.slice(0, Math.floor(text.length / 3))}…`
}
