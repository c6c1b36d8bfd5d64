// Writes docs/openapi.json from the routes of the admin API: `npm run openapi`.
import { writeFileSync } from 'node:fs'
import { build } from 'esbuild'

await build({
  stdin: {
    contents: `
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
const { adapters, neighbours, openApiText, version } = await import('../dist/openapi/document.js')
writeFileSync('docs/openapi.json', openApiText({ adapters, neighbours, version }))
