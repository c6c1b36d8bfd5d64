import { FLOOR, type Outcome, reasonOf } from '../../outcome.ts'
import { retryAfterOf } from '../../retry.ts'
import type { Answer } from '../../transport/transport.ts'

/** delivery.md 6; `hidden` are texts that must not be shown. */
export function outcomeOf({ status, headers }: Answer, now: Date, hidden: readonly string[]): Outcome {
  const told = reasonOf(headers['x-wns-error-description'] ?? '', hidden)
  const reason = told || `HTTP ${status}`
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const wait = { floor: FLOOR, ...(retryAfter !== undefined && { retryAfter }) }
  if (status >= 200 && status < 300) return byStatusHeader(headers, wait)
  switch (status) {
    case 401:
      return { class: 'credential', reason, scope: 'lane' }
    case 403:
      return { class: 'mismatch', reason }
    case 404:
      return { class: 'dead', reason, certain: true }
    case 410:
      // Also returned for an app whose sender is blocked.
      if (/blocked/i.test(told)) return { class: 'credential', reason, scope: 'lane' }
      return { class: 'dead', reason, certain: true }
    case 406:
    case 429:
      return { class: 'throttled', reason, scope: 'device', ...wait }
    default:
      if (status >= 500) return { class: 'temporary', reason, ...wait }
      return { class: 'payload', reason: status >= 300 && status < 400 ? 'moved' : reason }
  }
}

/** Success only if the service confirms that it accepted the message. */
function byStatusHeader(headers: Answer['headers'], wait: { readonly floor: number }): Outcome {
  const said = headers['x-wns-status']?.toLowerCase()
  const id = headers['x-wns-msg-id']
  switch (said) {
    case 'received':
      return { class: 'accepted', ...(id !== undefined && { messageId: id.slice(0, 100) }) }
    case 'channelthrottled':
      return { class: 'throttled', reason: said, scope: 'device', ...wait }
    case 'dropped':
      return { class: 'mismatch', reason: said }
    default:
      return { class: 'payload', reason: 'no-x-wns-status' }
  }
}
