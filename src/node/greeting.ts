import { statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import type { Opening } from '../store/sql/opening.ts'
import { VERSION } from '../version.ts'
import type { KeptSecret } from './kept-secrets.ts'

interface Started {
  readonly config: Config
  readonly origin: string
  readonly port: number
  readonly opening: Opening
  /** Undefined if configured. */
  readonly adminToken: KeptSecret | undefined
  readonly masterKey: KeptSecret | undefined
  /** The address that signs in to the console, valid once; created at the first start. */
  readonly signIn: string | undefined
}

/** The start-up message: address, database and the location of secrets. */
export function greeting({ config, origin, port, opening, adminToken, masterKey, signIn }: Started): string {
  return [
    `Pushport ${VERSION} listens on ${origin}`,
    ...lanAddresses(config.host).map((address) => `  on your network: http://${address}:${port}`),
    `  database: ${databaseLine(config, opening)}`,
    ...(opening.builtIn
      ? [`  SQLite: the one in Node.js ${process.versions.node}, because ${opening.builtIn}`]
      : []),
    ...(opening.applied.length > 0
      ? [`  the database was brought up to date: ${opening.applied.join(', ')}`]
      : []),
    signIn
      ? `  console (opens once, within 30 minutes): ${signIn}`
      : `  console: ${config.publicUrl ?? origin}/console/`,
    ...(adminToken ? [`  ${adminLine(adminToken)}`] : []),
    ...(masterKey?.made ? [`  ${masterLine(masterKey)}`] : []),
  ].join('\n')
}

function databaseLine({ databaseFile, postgres }: Config, { made }: Opening): string {
  if (postgres) return `${databaseFile}${made ? ', new and empty' : ''}`
  if (databaseFile === ':memory:') return 'in memory; everything is lost when this process ends'
  const file = resolve(databaseFile)
  if (made)
    return `${file}, new and empty (if you expected your apps here, stop and check DATABASE_URL and the working directory)`
  return `${file}, ${(statSync(file).size / 1e6).toFixed(1)} MB`
}

function adminLine({ value, file, made }: KeptSecret): string {
  if (file === undefined) return `admin token: ${value}`
  return made ? `admin token (saved to ${file}): ${value}` : `admin token: in ${file}`
}

const masterLine = ({ file }: KeptSecret) =>
  file === undefined ? 'master key: in memory' : `master key created: ${file}. Back it up.`

/** Addresses on the local network, if the gateway listens on all interfaces. */
function lanAddresses(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return []
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
}
