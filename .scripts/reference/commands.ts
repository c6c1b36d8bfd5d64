import { stripVTControlCharacters } from 'node:util'
import type { Told } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'

export const COMMANDS_PAGE = 'docs/cli.md'

const HEAD = `# The command line

<!-- Written from the code by \`npm run reference\`. -->

\`npx pushport\` runs a gateway on this machine; every other command works with one, wherever it runs. In a clone of the
repository it is \`npx pushport\` after one \`npm start\`.

\`\`\`sh
pushport login https://gw.example --name production
pushport app list
pushport import shop devices.ndjson --format ndjson --dry-run
\`\`\`

Commands speak to the admin API of the gateway that \`--context\`, \`--url\` or the last \`pushport login\` names, so that they work
against a Worker, too; \`serve\`, \`move\`, \`migrate\`, \`restore\` and the local half of \`doctor\` work on this machine's own store.
\`--json\` answers one document a line.

| ends with | means |
| --- | --- |
| 0 | done |
| 1 | the gateway refused it, or it failed |
| 2 | the command line itself is wrong |
| 3 | nobody answered, or the gateway asks to come back later |
| 4 | done, and somebody should look at what came of it: rows that were refused, checks that failed |
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
