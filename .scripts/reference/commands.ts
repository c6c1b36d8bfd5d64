import { stripVTControlCharacters } from 'node:util'
import type { Told } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'

export const COMMANDS_PAGE = 'docs/cli.md'

const HEAD = `# The command line

<!-- Generated from the code by \`npm run reference\`. -->

\`npx pushport\` runs a gateway on this machine; all other commands work with any gateway, local or remote. In a clone of the
repository it is \`npx pushport\` after one \`npm start\`.

\`\`\`sh
pushport login https://gw.example --name production
pushport app list
pushport import shop devices.ndjson --format ndjson --dry-run
\`\`\`

Commands call the admin API of the gateway given by \`--context\`, \`--url\` or the last \`pushport login\`, so they also work with
a Worker. \`serve\`, \`move\`, \`migrate\`, \`restore\` and \`doctor --local\` work on the database of this machine.
\`--json\` prints one JSON document per line.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | refused by the gateway, or failed |
| 2 | invalid command line |
| 3 | no answer, or the gateway asks to retry later |
| 4 | done, with rejected rows or failed checks |
`

/** Every command with its options and examples, as in its own `--help`. */
export async function commandsPage(): Promise<string> {
  const parts = await Promise.all(Object.values(COMMANDS).map((told) => partsOf(told, 'pushport')))
  return `${HEAD}\n${parts.flat().join('\n')}`
}

async function partsOf(told: Told, above: string): Promise<readonly string[]> {
  const name = `${above} ${told.name}`
  const inside = await Promise.all(Object.values(told.subCommands ?? {}).map((one) => partsOf(one, name)))
  if (told.subCommands) return [`## ${told.name}\n\n${told.is}\n`, ...inside.flat()]
  const help = stripVTControlCharacters(await told.help(above))
    .replace(/^.*\n/, '')
    .replace(/ +$/gm, '')
    .trim()
  const depth = above === 'pushport' ? '##' : '###'
  return [`${depth} ${name.replace('pushport ', '')}\n\n${told.is}\n\n\`\`\`text\n${help}\n\`\`\`\n`]
}
