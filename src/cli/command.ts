import { type ArgsDef, type CommandContext, defineCommand, parseArgs, renderUsage, runCommand } from 'citty'
import { usage } from './faults.ts'

/** Options of every command. */
export const COMMON = {
  json: { type: 'boolean', description: 'Prints only JSON, one document per line.' },
} as const satisfies ArgsDef

/** Options of every command that calls a gateway. */
export const REMOTE = {
  ...COMMON,
  context: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The name of a gateway saved with `pushport login`.',
  },
  url: {
    type: 'string',
    valueHint: 'URL',
    description:
      'The URL of the gateway; overrides PUSHPORT_URL. The token is read from PUSHPORT_ADMIN_TOKEN.',
  },
} as const satisfies ArgsDef

export const APP = {
  app: {
    type: 'positional',
    required: true,
    description: 'The app’s id or name.',
    valueHint: 'APP',
  },
} as const satisfies ArgsDef

export const DRY_RUN = {
  'dry-run': { type: 'boolean', description: 'Changes nothing; shows what would happen.' },
} as const satisfies ArgsDef

/** A command, which has either subcommands or an action. */
export interface Told {
  readonly name: string
  readonly is: string
  readonly args: ArgsDef
  readonly subCommands: Readonly<Record<string, Told>> | undefined
  /** Absent if the command only has subcommands. */
  readonly start?: (rawArgs: readonly string[]) => Promise<unknown>
  help(above: string): Promise<string>
}

interface Described<Args extends ArgsDef> {
  readonly name: string
  readonly is: string
  readonly args: Args
  readonly examples: readonly string[]
  run(context: CommandContext<Args>): Promise<unknown>
}

/** A command with an action. Refuses unknown options and shows its examples in its help. */
export function command<const Args extends ArgsDef>({
  name,
  is,
  args,
  examples,
  run,
}: Described<Args>): Told {
  const defined = defineCommand<Args>({ meta: { name, description: is }, args, run })
  return {
    ...{ name, is, args, subCommands: undefined },
    async start(rawArgs) {
      refuseUnknown(rawArgs, args)
      return (await runCommand(defined, { rawArgs: [...rawArgs] })).result
    },
    async help(above) {
      const shown = examples.map((line) => `  ${line}`).join('\n')
      return `${await renderUsage(defined, { meta: { name: above } })}\n\nEXAMPLES\n\n${shown}\n`
    },
  }
}

/** A command that only has subcommands. */
export function group(name: string, is: string, subCommands: Readonly<Record<string, Told>>): Told {
  const listed = Object.entries(subCommands).map(([key, told]) => [key, { meta: { description: told.is } }])
  const defined = defineCommand({ meta: { name, description: is }, subCommands: Object.fromEntries(listed) })
  return {
    ...{ name, is, args: {}, subCommands },
    help: async (above) => `${await renderUsage(defined, above ? { meta: { name: above } } : undefined)}\n`,
  }
}

/** With lenient parsing, `--dryrun` would be ignored silently and the command would make the change. */
function refuseUnknown(rawArgs: readonly string[], known: ArgsDef): void {
  const aliases = Object.values(known).flatMap((one) => ('alias' in one ? [one.alias].flat() : []))
  const args = parseArgs<ArgsDef>([...rawArgs], optional(known))
  const places = Object.values(known).filter(({ type }) => type === 'positional').length
  for (const raw of rawArgs) {
    if (raw === '--') break
    const name = /^--?([A-Za-z][^=]*)/.exec(raw)?.[1]
    if (
      name === undefined ||
      [name, name.replace(/^no-/, '')].some((one) => one in known || aliases.includes(one))
    )
      continue
    throw usage(`Unknown option: ${raw.split('=')[0]}.`)
  }
  const given: readonly string[] = args._
  if (given.length > places) throw usage(`Unexpected argument: ${JSON.stringify(given[places])}.`)
  for (const [name, { type }] of Object.entries(known))
    if (type === 'string' && (args[name] as unknown) === '') throw usage(`--${name} needs a value.`)
}

const optional = (known: ArgsDef): ArgsDef =>
  Object.fromEntries(Object.entries(known).map(([name, one]) => [name, { ...one, required: false }]))
