// Writes docs/openapi.json from the routes of the admin API, and docs/openapi/{dialect}.json from each
// dialect's reference: `npm run openapi`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

await build({
  stdin: {
    contents: `
      export { references } from './adapters/references.ts'
      export { referenceText } from './src/reference/document.ts'
      export { adapters } from './adapters/index.ts'
      export { neighbours } from './formats/index.ts'
      export { openApiText } from './src/admin/openapi/document.ts'
      export { VERSION as version } from './src/version.ts'`,
    resolveDir: '.',
    loader: 'ts',
  },
  outfile: 'dist/openapi/document.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
const { adapters, neighbours, openApiText, references, referenceText, version } = await import(
  '../dist/openapi/document.js'
)
writeFileSync('docs/openapi.json', openApiText({ adapters, neighbours, version }))
mkdirSync('docs/openapi', { recursive: true })
for (const one of references) writeFileSync(`docs/openapi/${one.dialect}.json`, referenceText(one, version))
