import { stripVTControlCharacters } from 'node:util'
import { VERSION } from '../version.ts'
import { group, type Told } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { EXIT, Fault } from './faults.ts'

const root = group('pushport', 'Runs and operates a push-registration gateway.', COMMANDS)

/** Runs a command line; returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    if (argv[0] === '--version' || argv[0] === '-v') {
      process.stdout.write(`${VERSION}\n`)
      return EXIT.done
    }
    const asked = argv[0] === 'help' ? argv.slice(1) : argv
    const { told, above, rest } = found(servesAlone(argv) ? ['serve', ...argv] : asked)
    const ends = rest.indexOf('--')
    const options = ends < 0 ? rest : rest.slice(0, ends)
    if (argv[0] === 'help' || options.includes('--help') || options.includes('-h')) {
      process.stdout.write(await helpOf(told, above))
      return EXIT.done
    }
    if (!told.start) {
      const [unknown] = rest
      throw new Fault(
        EXIT.usage,
        unknown === undefined ? await helpOf(told, above) : `Unknown command: ${unknown}. See --help.`,
      )
    }
    const result = await told.start(rest)
    return typeof result === 'number' ? result : EXIT.done
  } catch (error) {
    return failed(error, argv.includes('--json'))
  }
}

/** Without a command, a gateway is started: `npx pushport`, `npx pushport --port 9000`. */
const servesAlone = ([first]: readonly string[]): boolean =>
  first === undefined || (first.startsWith('-') && !['--help', '-h'].includes(first))

/** Finds the subcommand by the names in the arguments. */
function found(argv: readonly string[]): { told: Told; above: string; rest: readonly string[] } {
  let told: Told = root
  let above = ''
  let rest = argv
  for (;;) {
    const [name = ''] = rest
    const next =
      told.subCommands && Object.hasOwn(told.subCommands, name) ? told.subCommands[name] : undefined
    if (!next) return { told, above, rest }
    above = `${above} ${told.name}`.trim()
    told = next
    rest = rest.slice(1)
  }
}

/** Uses colours if the output is a terminal. */
async function helpOf(told: Told, above: string): Promise<string> {
  const text = await told.help(above)
  const plain = process.stdout.isTTY ? text : stripVTControlCharacters(text)
  return plain.replace(/ +$/gm, '')
}

function failed(error: unknown, json: boolean): number {
  if (error instanceof Error && error.name === 'CLIError') {
    // citty's message without colours.
    const message = stripVTControlCharacters(error.message)
    return failed(new Fault(EXIT.usage, `${message}. See --help.`), json)
  }
  const told = error instanceof Fault ? error.told : { title: String(error) }
  const text = error instanceof Fault ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(json ? `${JSON.stringify({ error: told })}\n` : `${text}\n`)
  return error instanceof Fault ? error.exit : EXIT.refused
}
