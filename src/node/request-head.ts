import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../domain/error.ts'
import { withDotsMarked } from '../wire/path.ts'

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::[0-9]{1,5})?$/i
const MOST_HEADERS = 500
/** Replaces a malformed Host, so that the request still reaches its dialect. */
const NO_HOST = 'invalid'

/** Changes the address and Host so that they form a valid URL; `headFault` reports what was wrong. */
export function repairHead(incoming: IncomingMessage): void {
  const target = incoming.url ?? ''
  // URL parsers treat a backslash as a slash and resolve dot segments; here both are characters of ids and names.
  incoming.url = withDotsMarked(target.includes('\\') ? target.replaceAll('\\', '%5C') : target)
  const { host } = incoming.headers
  if (host !== undefined && host !== '' && !HOST.test(host)) incoming.headers.host = NO_HOST
}

/** A reason to refuse a request because of its head; undefined if the head is valid. */
export function headFault(incoming: IncomingMessage, mostBytes: number): GatewayError | undefined {
  const { rawHeaders, url = '' } = incoming
  let bytes = url.length
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]]
    bytes += name.length + value.length + 4
    if (name.length === 4 && name.toLowerCase() === 'host') {
      // RFC 9112, section 3.2: proxies that read different ones enable request smuggling.
      if (++hosts > 1) return new GatewayError('bad_path', 'The request has more than one Host header.')
      if (value !== '' && !HOST.test(value))
        return new GatewayError('bad_path', 'The Host header is invalid.')
    }
  }
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    return new GatewayError('header_too_large', `The request has more than ${MOST_HEADERS} headers.`)
  }
  if (bytes <= mostBytes) return undefined
  return new GatewayError('header_too_large', `The headers are larger than ${mostBytes} bytes.`)
}
