// Generates the documentation pages of configuration and command line from the code: `npm run reference`.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

await build({
  stdin: {
    contents: `
      export { COMMANDS_PAGE, commandsPage } from './.scripts/reference/commands.ts'
      export { SETTINGS_PAGE, settingsPage } from './.scripts/reference/settings.ts'`,
    resolveDir: '.',
    loader: 'ts',
  },
  outfile: 'dist/reference/pages.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
const { COMMANDS_PAGE, commandsPage, SETTINGS_PAGE, settingsPage } = await import(
  '../dist/reference/pages.js'
)
writeFileSync(COMMANDS_PAGE, await commandsPage())
writeFileSync(SETTINGS_PAGE, settingsPage())
// Aligns tables as the formatter does.
execFileSync(process.execPath, [
  join('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  ...['format', '--write', COMMANDS_PAGE, SETTINGS_PAGE],
])
