// Builds the documentation site that the gateway serves at /docs: `npm run docs`. API pages use Scalar, which
// reads the description beside it and calls no other host.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const OUT = join('dist', 'assets', 'docs')
const require = createRequire(import.meta.url)

execFileSync(process.execPath, [join('node_modules', 'vitepress', 'bin', 'vitepress.js'), 'build', 'docs'], {
  stdio: ['ignore', 'ignore', 'inherit'],
})

for (const old of readdirSync(OUT)) if (old !== 'openapi') rmSync(join(OUT, old), { recursive: true })
cpSync(join('dist', 'site'), OUT, { recursive: true })

const page = (title, name) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body>
<main id="reference"></main>
<script src="/docs/api/scalar.js"></script>
<script src="/docs/api/${name}.js"></script>
</body>
</html>
`
const script = (name) => `Scalar.createApiReference('#reference', {
  url: '/openapi/${name}.json',
  withDefaultFonts: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
})
`
const api = join(OUT, 'api')
mkdirSync(api, { recursive: true })
cpSync(
  join(dirname(require.resolve('@scalar/api-reference')), 'browser', 'standalone.js'),
  join(api, 'scalar.js'),
)
const titleOf = (file) => JSON.parse(readFileSync(join(OUT, 'openapi', file), 'utf8')).info.title
for (const file of readdirSync(join(OUT, 'openapi'))) {
  const name = basename(file, '.json')
  writeFileSync(join(api, `${name}.html`), page(titleOf(file), name))
  writeFileSync(join(api, `${name}.js`), script(name))
}
