import { parseArgs } from 'node:util'
import { ConfigError } from '../config.ts'

export const HELP = `usage: npm start -- [options]

  --port PORT   the port to listen on, like PORT (8787)
  --host HOST   the address to listen on, like HOST (127.0.0.1: this machine only)
  --demo        creates a demo app if there is no app yet, and prints how to register a device with it
  --version     prints the version
  --help        prints this

Settings are environment variables; docs/configuration.md lists them.
`

export interface Arguments {
  readonly help: boolean
  readonly version: boolean
  /** Undefined if the option is absent. */
  readonly demo: boolean | undefined
  /** Variables set by arguments; they override the environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** Parses the command line. Throws `ConfigError` for unknown arguments. */
export function parseArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        demo: { type: 'boolean' },
        version: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return {
      help: values.help ?? false,
      version: values.version ?? false,
      demo: values.demo,
      environment: {
        ...(values.port !== undefined && { PUSHPORT_PORT: values.port }),
        ...(values.host !== undefined && { PUSHPORT_HOST: values.host }),
      },
    }
  } catch (error) {
    // The first sentence of Node's message names the argument; the rest is advice that does not apply here.
    const [reason = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/)
    throw new ConfigError(`${reason}. See --help.`)
  }
}
