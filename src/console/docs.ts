import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { headersOf, type StaticFile } from './pages.ts'

/**
 * The generator writes styles, but no scripts, into the pages: in tables and code blocks. Must match the
 * `_headers` of the assets (.scripts/console.mjs).
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** Where the generator puts files that are named by their content. */
const ASSETS = 'assets/'
const NAME = /^(?:[\w@-][\w@.-]*\/)*[\w@-][\w@.-]*$/

/**
 * The OpenAPI documents, and the documentation site if it was built (`npm run docs`). An address without an
 * extension is a page.
 */
export const docsRoutes = (file: StaticFile) =>
  new Hono<AppEnv>()
    .get('/openapi/:name{[a-z-]+\\.json}', async (c) => {
      const found = await file(c, `openapi/${c.req.param('name')}`)
      if (!found) throw new GatewayError('not_found', 'No such description.')
      return c.body(found.body, 200, { ...HEADERS, ...headersOf(found), 'Cache-Control': 'no-cache' })
    })
    .get('/docs', (c) => c.redirect('/docs/'))
    .get('/docs/*', async (c) => {
      const asked = c.req.path.slice('/docs/'.length)
      const name = asked === '' || asked.endsWith('/') ? `${asked}index.html` : asked
      if (!NAME.test(name)) throw new GatewayError('not_found', 'No such page.')
      const isPage = !/\.\w+$/.test(name)
      const found = await file(c, isPage ? `${name}.html` : name)
      if (!found) {
        throw new GatewayError(
          'not_found',
          'No such page, or the documents are not built: run `npm run docs`.',
        )
      }
      return c.body(found.body, 200, {
        ...HEADERS,
        ...headersOf(found),
        'Cache-Control': name.startsWith(ASSETS) ? 'public, max-age=31536000, immutable' : 'no-cache',
      })
    })
