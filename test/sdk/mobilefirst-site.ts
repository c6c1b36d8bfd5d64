import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { build, type Plugin } from 'esbuild'
import { type LocalSite, serveSite } from '../harness/browser.ts'

/** A request of the SDK, and its answer. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
}

/** A web app with the vendor's SDK: its own site, which proxies the runtime context to the gateway. */
export interface App extends LocalSite {
  readonly seen: Exchange[]
}

const PAGE = (script: string) => `<!doctype html><meta charset="utf-8"><title>shop</title>${script}`

/**
 * `sdk`: the core of 2022, loaded as a script from its package; `push`: the push SDK with the core of 2020,
 * bundled.
 */
export async function serveApp(gateway: string, kind: 'sdk' | 'push'): Promise<App> {
  const seen: Exchange[] = []
  const bundle = kind === 'push' ? await pushBundle() : ''
  const script = kind === 'push' ? '/push.js' : '/node_modules/ibm-mfp-web-sdk/ibmmfpf.js'
  const site = await serveSite((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x')
    if (pathname.startsWith('/mfp/api/')) return forward(gateway, request, response, seen)
    if (pathname === '/') return answer(response, 'text/html', PAGE(`<script src="${script}"></script>`))
    if (pathname === '/MFPPushServiceWorker.js')
      return answer(
        response,
        'text/javascript',
        readFileSync(`node_modules/ibm-mfp-web-push${pathname}`, 'utf8'),
      )
    if (pathname === '/push.js') return answer(response, 'text/javascript', bundle)
    void readPackage(pathname).then(
      (text) => answer(response, pathname.endsWith('.json') ? 'application/json' : 'text/javascript', text),
      () => response.writeHead(404).end(),
    )
  })
  return { ...site, seen }
}

function answer(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(text)
}

/** Only the packages that the SDK itself loads. */
async function readPackage(path: string): Promise<string> {
  const match = /^\/node_modules\/(?:ibm-mfp-web-sdk|sjcl|jssha|promiz)\/[\w./-]+$/.exec(path)
  if (!match || path.includes('..')) throw new Error('not served')
  return readFile(path.slice(1), 'utf8')
}

const amd: Plugin = {
  name: 'amd',
  setup: (bundler) =>
    bundler.onLoad({ filter: /ibmmfpfanalytics\.js$/ }, async ({ path }) => ({
      contents: `var define = (factory) => { module.exports = factory() }; define.amd = true;${await readFile(path, 'utf8')}`,
    })),
}

async function pushBundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['node_modules/ibm-mfp-web-push/index.js'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'MFPPushModule',
    // Like webpack, for which the package was made; esbuild supports neither `global` nor AMD.
    define: { global: 'globalThis' },
    plugins: [amd],
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** A reverse proxy for one path, which the operator puts in front of the app. */
function forward(
  gateway: string,
  request: IncomingMessage,
  response: ServerResponse,
  seen: Exchange[],
): void {
  const { method = 'GET', url = '/', headers } = request
  const upstream = httpRequest(`${gateway}${url}`, { method, headers }, (answered) => {
    const status = answered.statusCode ?? 502
    seen.push({ method, path: new URL(url, gateway).pathname, status })
    response.writeHead(status, answered.headers)
    answered.pipe(response)
  })
  upstream.on('error', () => response.writeHead(502).end())
  request.pipe(upstream)
}
