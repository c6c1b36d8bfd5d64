import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import PushNotifications from '@pusher/push-notifications-server'
import { buildSync } from 'esbuild'
import { type LocalSite, serveSite } from '../harness/browser.ts'

const sdk = dirname(createRequire(import.meta.url).resolve('@pusher/push-notifications-web/package.json'))
const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

/** The vendor hosts this file as a build; the package has its source and the line that imports it. */
const worker = buildSync({
  entryPoints: [join(sdk, 'src', 'service-worker.js')],
  bundle: true,
  write: false,
  format: 'iife',
})

const html = (instanceId: string, gateway: string, tokens: string) => `<!doctype html><title>shop</title>
<script src="/push-service.js"></script>
<script src="/sdk.js"></script>
<script>
  const { Client, TokenProvider } = PusherPushNotifications
  window.newClient = () =>
    new Client({ instanceId: '${instanceId}', endpointOverride: '${gateway}' })
  window.tokens = new TokenProvider({ url: '${tokens}/auth' })
  window.client = newClient()
</script>`

/** A customer's site with the official SDK, and the lines from the recipe. */
export function serveShop(instanceId: string, gateway: string, tokens: string): Promise<LocalSite> {
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', html(instanceId, gateway, tokens)],
    '/push-service.js': ['text/javascript', read(import.meta.dirname, 'push-service.js')],
    '/sdk.js': ['text/javascript', read(sdk, 'dist', 'push-notifications-cdn.js')],
    '/service-worker.js': [
      'text/javascript',
      `${read(sdk, 'service-worker.js')}\nself.PusherPushNotifications.endpointOverride = '${gateway}'\n`,
    ],
    '/dist/service-worker.js': ['text/javascript', worker.outputFiles[0]?.text ?? ''],
  }
  return serveSite((request, response) => {
    const [type, text] = files[(request.url ?? '/').split('?', 1)[0] ?? '/'] ?? []
    if (type === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': type }).end(text)
  })
}

/** The customer's token endpoint, which signs with the official server SDK. */
export function serveTokens(instanceId: string, secretKey: string): Promise<LocalSite> {
  const beams = new PushNotifications({ instanceId, secretKey })
  return serveSite((request, response) => {
    const user = new URL(request.url ?? '/', 'http://tokens').searchParams.get('user_id') ?? ''
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' })
      .end(JSON.stringify(beams.generateToken(user)))
  })
}
