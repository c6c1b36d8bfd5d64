// `npm run architecture`: draws the parts of docs/architecture.md that come from the code.
import { readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const { outputFiles } = await build({
  entryPoints: ['test/house/architecture.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
const text = outputFiles[0]?.text ?? ''
const { drawn, PAGE } = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
writeFileSync(PAGE, drawn(readFileSync(PAGE, 'utf8')))
