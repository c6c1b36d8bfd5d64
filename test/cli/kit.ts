import { join } from 'node:path'
import { type Program, run, temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN } from '../harness/server.ts'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The output of `--json`, one document per line. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

/** Starts the built command line as a separate process, with its own settings folder. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const own = { PUSHPORT_CONFIG: join(temporaryFolder(), 'contexts.json'), ...env }
  const { TEST_NODE = process.execPath, TEST_DIST = 'dist' } = process.env
  return run(TEST_NODE, ['--enable-source-maps', `${TEST_DIST}/cli.js`, ...args], own)
}

/** Runs it until it ends. */
export async function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const program = startCli(args, env)
  const { code } = await program.exited
  return {
    code,
    stdout: program.stdout,
    stderr: program.stderr,
    get json() {
      return program.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    },
  }
}

/** The variables with which it reaches a gateway of the tests. */
export const at = ({ origin }: { readonly origin: string }) => ({
  PUSHPORT_URL: origin,
  PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN,
})
