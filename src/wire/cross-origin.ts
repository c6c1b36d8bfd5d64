import type { Context, Next } from 'hono'
import type { AppEnv, CrossOrigin } from '../adapter.ts'

/** Most requested headers that a preflight answer repeats; pages also ask for headers that tracing libraries add. */
const MOST_HEADERS = 64
const LONGEST_HEADERS = 4096
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const LONGEST_ORIGIN = 1000

/**
 * CORS for a dialect's paths. Sets the headers before the response exists, because copying a response costs more than
 * the rest of the HTTP side (`npm run bench`); only a foreign response gets them afterwards.
 */
export async function crossOrigin(
  c: Context<AppEnv>,
  next: Next,
  of: CrossOrigin,
): Promise<Response | undefined> {
  const headers = answerHeaders(c, of)
  const { house } = c.get('notes')
  if (house && c.req.method !== 'OPTIONS') {
    for (const [name, value] of headers) house[name] = value
    await next()
    return undefined
  }
  for (const [name, value] of headers) c.header(name, value, { append: name === 'Vary' })
  if (c.req.method === 'OPTIONS') {
    for (const [name, value] of preflightHeaders(c, of)) c.header(name, value, { append: name === 'Vary' })
    return c.body(null, 204)
  }
  await next()
  const { headers: answered } = c.res
  if (answered.has('Access-Control-Allow-Origin')) return undefined
  for (const [name, value] of headers) answered.append(name, value)
  return undefined
}

function answerHeaders(
  c: Context<AppEnv>,
  { credentials, exposeHeaders = [] }: CrossOrigin,
): [string, string][] {
  const headers: [string, string][] = []
  const origin = credentials ? c.req.header('origin') : undefined
  const echoed = origin !== undefined && origin.length <= LONGEST_ORIGIN
  headers.push(['Access-Control-Allow-Origin', echoed ? origin : '*'])
  if (echoed) headers.push(['Access-Control-Allow-Credentials', 'true'])
  if (credentials) headers.push(['Vary', 'Origin'])
  if (exposeHeaders.length > 0) headers.push(['Access-Control-Expose-Headers', exposeHeaders.join()])
  return headers
}

function preflightHeaders(c: Context<AppEnv>, of: CrossOrigin): [string, string][] {
  const asked = askedFor(c.req.header('access-control-request-headers') ?? '')
  const listed = new Set(of.allowHeaders.map((name) => name.toLowerCase()))
  const more = [...new Set(asked)].filter((name) => !listed.has(name))
  return [
    ['Access-Control-Allow-Methods', of.allowMethods.join()],
    ['Access-Control-Allow-Headers', [...of.allowHeaders, ...more].join()],
    ['Access-Control-Max-Age', String(of.maxAge)],
    ['Vary', 'Access-Control-Request-Headers'],
  ]
}

/** The valid header names of a list, up to the limits above. */
const askedFor = (list: string): string[] =>
  list
    .slice(0, LONGEST_HEADERS)
    .split(',')
    .slice(0, MOST_HEADERS)
    .map((name) => name.trim().toLowerCase())
    .filter((name) => HEADER_NAME.test(name))
