import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { EXIT, Fault } from './faults.ts'

/** A gateway for which a login is stored. */
export interface Context {
  readonly url: string
  readonly token: string
}

interface Contexts {
  /** The default gateway. */
  readonly current: string | null
  readonly contexts: Readonly<Record<string, Context>>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where logins are stored, readable only by their owner: `PUSHPORT_CONFIG`, otherwise the user's
 * configuration folder.
 */
export const contextFile = (env: Environment): string =>
  env.PUSHPORT_CONFIG || join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'pushport', 'contexts.json')

export function readContexts(env: Environment): Contexts {
  const file = contextFile(env)
  if (!existsSync(file)) return { current: null, contexts: {} }
  try {
    const { current = null, contexts = {} } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Contexts>
    return { current, contexts }
  } catch {
    throw new Fault(EXIT.refused, `${file} is damaged: it is not what \`pushport login\` wrote.`)
  }
}

/** Written to another name and then renamed, so that concurrent readers never see a partial file. */
export function writeContexts(env: Environment, contexts: Contexts): void {
  const file = contextFile(env)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.${process.pid}`
  writeFileSync(next, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600 })
  chmodSync(next, 0o600)
  renameSync(next, file)
}

/** The gateway that a command uses: from its options, then the environment, then the stored login. */
export function chosenContext(
  env: Environment,
  { url, context }: { readonly url?: string | undefined; readonly context?: string | undefined },
): Context {
  const token = env.PUSHPORT_ADMIN_TOKEN || env.ADMIN_TOKEN
  const given = url ?? (context === undefined ? env.PUSHPORT_URL : undefined)
  const { current, contexts } = readContexts(env)
  if (given) {
    const known = Object.values(contexts).find((one) => one.url === given)
    const secret = token ?? known?.token
    if (!secret) throw new Fault(EXIT.usage, `Set PUSHPORT_ADMIN_TOKEN to the admin token of ${given}.`)
    return { url: given, token: secret }
  }
  const name = context ?? current
  const found = name === null ? undefined : contexts[name]
  if (found) return found
  throw new Fault(
    EXIT.usage,
    name === null
      ? 'No gateway is configured: run `pushport login URL`, or set PUSHPORT_URL and PUSHPORT_ADMIN_TOKEN.'
      : `Unknown gateway: ${name}. Known gateways: ${Object.keys(contexts).join(', ') || 'none'}.`,
  )
}
