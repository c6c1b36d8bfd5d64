import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { type LocalSite, serveSite } from '../harness/browser.ts'

const sdk = dirname(createRequire(import.meta.url).resolve('web-push-notifications/package.json'))
const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

/** The official package, as an app's bundler includes it. */
const bundle = buildSync({
  stdin: {
    contents: "import { Pushwoosh } from 'web-push-notifications'\nwindow.Pushwoosh = new Pushwoosh()",
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  write: false,
  format: 'iife',
})

/** `init` is what the customer's page passes to the SDK. */
const html = (init: object) => `<!doctype html><title>shop</title>
<script src="/push-service.js"></script>
<script src="/sdk.js"></script>
<script>
  window.init = (more) => new Promise((resolve) => {
    Pushwoosh.push((api) => resolve())
    Pushwoosh.push(['init', { ...${JSON.stringify(init)}, ...more }])
  })
</script>`

/** A customer's site with the official SDK, and the lines from the recipe. */
export function serveShop(init: object): Promise<LocalSite> {
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', html(init)],
    '/push-service.js': ['text/javascript', read(import.meta.dirname, 'pushwoosh-push-service.js')],
    '/sdk.js': ['text/javascript', bundle.outputFiles[0]?.text ?? ''],
    '/pushwoosh-service-worker.js': ['text/javascript', read(sdk, 'service-worker.js')],
    '/icon.png': ['image/png', ''],
  }
  return serveSite((request, response) => {
    const [type, text] = files[(request.url ?? '/').split('?', 1)[0] ?? '/'] ?? []
    if (type === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': type }).end(text)
  })
}
