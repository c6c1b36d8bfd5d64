// Bundles the console for browsers into one script and one stylesheet, named by their content, and the document that loads
// them: the folder that Node serves and that is uploaded with the Worker.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The headers of src/console/pages.ts and docs.ts, for assets that Cloudflare answers without the Worker. */
const HEADERS = `/console/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
/console/app-*
  Cache-Control: public, max-age=31536000, immutable
/docs/*
  Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
  Cross-Origin-Resource-Policy: same-origin
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
/docs/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

const page = (script, style) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Pushport</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/console/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/${style}">
<script type="module" src="/console/${script}"></script>
</head>
<body><div id="root"></div></body>
</html>
`

/** `from`: the folder `console` of the sources; `assets`: what is served at the root. */
export async function bundleConsole(build, from, assets) {
  const out = join(assets, 'console')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const { metafile } = await build({
    entryPoints: [{ in: join(from, 'main.tsx'), out: 'app' }],
    outdir: out,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  const made = Object.keys(metafile.outputs).map((path) => basename(path))
  const named = (ending) => made.find((name) => name.endsWith(ending))
  writeFileSync(join(out, 'index.html'), page(named('.js'), named('.css')))
  cpSync(join(from, 'icon.svg'), join(out, 'icon.svg'))
  writeFileSync(join(assets, '_headers'), HEADERS)
  // Served at /openapi, also where the documents are not built.
  const described = join(assets, 'docs', 'openapi')
  mkdirSync(described, { recursive: true })
  const docs = join(from, '..', 'docs')
  cpSync(join(docs, 'openapi.json'), join(described, 'admin.json'))
  cpSync(join(docs, 'openapi'), described, { recursive: true })
  return readdirSync(out)
}
