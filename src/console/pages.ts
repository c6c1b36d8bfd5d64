import { type Context, Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { sessionRoutes } from './session.ts'

/** A file that was built beforehand. */
export interface ServedFile {
  readonly body: string | ReadableStream | Uint8Array<ArrayBuffer>
  readonly type: string
  /** `gzip`, where the body is packed. */
  readonly encoding?: string
}

/** A file by its name, in a form that the caller accepts; null if there is none. */
export type StaticFile = (c: Context<AppEnv>, name: string) => Promise<ServedFile | null>

export interface ConsoleDeps {
  readonly adminToken: (c: Context<AppEnv>) => string
  readonly file: StaticFile
}

/**
 * Allows only the gateway's own files: no inline code or style, no other host, and no text that becomes
 * markup. Must match the `_headers` of the assets (.scripts/console.mjs).
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Names of files that change with their content. */
const HASHED = /-[A-Z0-9]{8}\.(js|css)$/

/** What a file is, and how it is packed. */
export const headersOf = ({ type, encoding }: ServedFile): Record<string, string> => ({
  'Content-Type': type,
  ...(encoding && { 'Content-Encoding': encoding, Vary: 'Accept-Encoding' }),
})

/** The console: one document for the addresses of all its views, and its files. */
export const consoleRoutes = ({ adminToken, file }: ConsoleDeps) =>
  new Hono<AppEnv>()
    .get('/', async (c, next) => {
      return c.req.header('accept')?.includes('text/html') ? c.redirect('/console/') : next()
    })
    .route('/', sessionRoutes(adminToken))
    .get('/console', (c) => c.redirect('/console/'))
    .get('/console/*', async (c) => {
      const name = c.req.path.slice('/console/'.length)
      const isFile = /^[\w-]+\.(js|css|svg)$/.test(name)
      const found = await file(c, isFile ? name : 'index.html')
      if (!found)
        throw new GatewayError(
          'not_found',
          isFile ? 'No such file.' : 'The console is not built: run `npm start`.',
        )
      return c.body(found.body, 200, {
        ...HEADERS,
        ...headersOf(found),
        'Cache-Control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      })
    })
