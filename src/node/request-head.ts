import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../domain/error.ts'
import { withDotsMarked } from '../wire/path.ts'

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::[0-9]{1,5})?$/i
const MOST_HEADERS = 500
/** Stands for a Host that is part of no URL, so that the request still reaches the dialect of its path. */
const NO_HOST = 'invalid'

/** Makes a URL possible, whatever the address and the Host are. What was wrong with them, `headFault` tells. */
export function repairHead(incoming: IncomingMessage): void {
  const target = incoming.url ?? ''
  // In a URL a backslash counts as a slash, and dots lead elsewhere; here both are characters of an id or a name.
  incoming.url = withDotsMarked(target.includes('\\') ? target.replaceAll('\\', '%5C') : target)
  const { host } = incoming.headers
  if (host !== undefined && host !== '' && !HOST.test(host)) incoming.headers.host = NO_HOST
}

/** Why a request is refused for its head alone; undefined for a head that is in order. */
export function headFault(incoming: IncomingMessage, mostBytes: number): GatewayError | undefined {
  const { rawHeaders, url = '' } = incoming
  let bytes = url.length
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]]
    bytes += name.length + value.length + 4
    if (name.length === 4 && name.toLowerCase() === 'host') {
      // RFC 9112, section 3.2: two proxies may take two of them for two requests.
      if (++hosts > 1) return new GatewayError('bad_path', 'The request has more than one Host.')
      if (value !== '' && !HOST.test(value)) return new GatewayError('bad_path', 'The Host is no host.')
    }
  }
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    return new GatewayError('header_too_large', `The request has more than ${MOST_HEADERS} headers.`)
  }
  if (bytes <= mostBytes) return undefined
  return new GatewayError('header_too_large', `The headers are larger than ${mostBytes} bytes.`)
}
