import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { HouseHeaders } from '../adapter.ts'

/**
 * An answer to which the gateway adds its own headers when they are written, because a `Headers` object per
 * answer costs more than all other work on it.
 */
export class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  readonly house: HouseHeaders = {}

  override writeHead(status: number, ...rest: unknown[]): this {
    const [given] = rest
    const headers = isHeaders(given) ? joined(this.house, given) : this.house
    return super.writeHead(status, headers as OutgoingHttpHeaders)
  }
}

/** The reason phrase is always empty here. */
const isHeaders = (given: unknown): given is OutgoingHttpHeaders =>
  typeof given === 'object' && given !== null

const ID = 'X-Request-Id'
const VARY = 'Vary'

/** The request id is always ours; CORS headers of another server stay as they are. */
function joined(house: HouseHeaders, given: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = {}
  let own = house
  let vary: unknown
  for (const name in given) {
    const lower = name.toLowerCase()
    if (lower === 'access-control-allow-origin') own = { [ID]: house[ID] ?? '' }
    if (lower === 'vary') vary = given[name]
    else if (lower !== 'x-request-id') all[name] = given[name]
  }
  for (const name in own) all[name] = own[name]
  if (vary !== undefined) all[VARY] = own[VARY] === undefined ? String(vary) : `${own[VARY]}, ${vary}`
  return all
}
