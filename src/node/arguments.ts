import { parseArgs } from 'node:util'
import { ConfigError } from '../config.ts'

export const HELP = `usage: npm start -- [options]

  --port PORT   where to listen; as PORT (8787)
  --host HOST   where to listen; as HOST (127.0.0.1: this machine alone)
  --demo        makes a demo app where there is no app yet, and prints how to register a device with it
  --version     prints the version
  --help        prints this

Settings are environment variables: see "Configuration" in README.md.
`

export interface Arguments {
  readonly help: boolean
  readonly version: boolean
  /** Undefined: not asked either way. */
  readonly demo: boolean | undefined
  /** What the arguments say of variables: they win over the environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** Reads the command line. Throws `ConfigError` for what it does not know. */
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
    // Node's own sentence names the argument; what follows it is advice for other cases.
    const [reason = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/)
    throw new ConfigError(`${reason}. See --help.`)
  }
}
