import * as z from 'zod'
import type { Adapter, Settings } from './adapter.ts'
import { count, flag, share, whole, word } from './config/forms.ts'
import { type SetVariables, setVariables } from './config/names.ts'
import { RECORDING, type Recording, recordingOf } from './config/recording.ts'
import { relayFault, relayOf } from './config/relay.ts'
import { TELEMETRY, type Telemetry, telemetryOf } from './config/telemetry.ts'
import type { Retention } from './domain/retention.ts'
import { publicUrl } from './http/outside.ts'
import type { LoggedRequests } from './http/request-log.ts'
import { parseTrust } from './http/trust.ts'
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts'
import { isMasterKey } from './secrets/vault.ts'

/** The configuration of both runtimes: environment variables on Node, vars and secrets on Workers. */
export interface Config {
  readonly host: string
  readonly port: number
  /** The port for metrics without authentication (Node only); undefined: operators only, on the main port. */
  readonly metricsPort: number | undefined
  /** How often an isolate adds its counts to the database, for `/metrics`; 0 for never (Workers only). */
  readonly metricsSeconds: number
  /** Most bytes of a request's address and headers (Node only). */
  readonly maxHeaderBytes: number
  /** Most concurrent connections (Node only). */
  readonly maxConnections: number
  /** The database file, or `:memory:` (Node only); for PostgreSQL, its address without the password. */
  readonly databaseFile: string
  /** The PostgreSQL database that is used instead (Node only). */
  readonly postgres: PostgresConfig | undefined
  /** Nothing is written to the database, because its rows are being moved elsewhere (Node only). */
  readonly readOnly: boolean
  /** The gateway to which every call is forwarded; this one answers none itself (Node only). */
  readonly forwardTo: string | undefined
  readonly adminToken: string | undefined
  /** 32 bytes in base64 or hexadecimal; encrypts the secrets that must stay readable. */
  readonly masterKey: string | undefined
  /** The previous master key; secrets sealed with it are sealed again with the current one. */
  readonly previousMasterKey: string | undefined
  /** Off only for load tests. */
  readonly rateLimit: boolean
  /** Requests per minute to the dialects, per address and per app; undefined for no limit. */
  readonly ratePerAddress: number | undefined
  readonly ratePerApp: number | undefined
  /** Whose forwarding headers are trusted; undefined for the runtime's default. */
  readonly trustProxy: string | undefined
  /** The public base URL of the gateway, without a trailing slash. */
  readonly publicUrl: string | undefined
  readonly allowPrivateTargets: boolean
  /** The instance on Node that calls APNs for this one; undefined if none does. */
  readonly apnsRelay: { readonly address: string; readonly key: string } | undefined
  /** The key and the further addresses of a relay for other instances (Node only). */
  readonly relays: { readonly key: string; readonly services: readonly string[] } | undefined
  /** The dialects' own settings, by dialect. */
  readonly dialects: Readonly<Record<string, Settings>>
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly logRequests: LoggedRequests
  /** Which calls are recorded; undefined for none (Node only). */
  readonly recording: Recording | undefined
  /** Where traces and metrics are exported; undefined for none (Node only). */
  readonly telemetry: Telemetry | undefined
  readonly appCacheSeconds: number
  /** The database's size limit, used to warn before it is full (Workers only). */
  readonly maxDatabaseBytes: number
  /** The platform's limit on requests per invocation (Workers only). */
  readonly maxSubrequests: number
  readonly retention: Retention
  /** Most bytes and rows of an imported file, and for how many days its errors are kept. */
  readonly imports: { readonly bytes: number; readonly rows: number; readonly keepDays: number }
  /** The share of a vendor's active devices that must have called here before the vendor can be turned off. */
  readonly readyShare: number
  /** How often maintenance runs on Node; on Workers the cron trigger decides. */
  readonly maintenanceSeconds: number
  readonly limits: Limits
}

export interface PostgresConfig {
  readonly url: string
  readonly connections: number
  /** Seconds after which the database server cancels a statement. */
  readonly statementSeconds: number
}

/** An upper bound that no real request rate reaches. */
const MOST_A_MINUTE = 1_000_000_000

const POSTGRES = /^postgres(ql)?:\/\//
/** Shells and platforms often set DATABASE_URL for another program's database. */
const databaseFault = (text: string) =>
  /^(postgres(ql)?|mysql|mariadb|libsql|mongodb(\+srv)?):/i.test(text)
    ? 'is the URL of an unsupported database; use file:PATH for SQLite or postgres://USER:PASSWORD@HOST/DATABASE. If the variable belongs to another program, set PUSHPORT_DATABASE_URL'
    : 'must be file:PATH, :memory: or postgres://USER:PASSWORD@HOST/DATABASE'

/** Addresses separated by commas; null if one is invalid. */
function addresses(text: string): readonly string[] | null {
  const all = text.split(',').map((one) => publicUrl(one.trim()))
  return all.every((one) => one !== null) ? all : null
}

/** The variables of the gateway itself; dialects have more. */
export const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535, 8787),
  METRICS_PORT: count(0, 65_535).optional(),
  METRICS_SECONDS: whole(0, 3600, 60),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|:memory:|postgres(ql)?:\/\/.*)$/, {
      error: ({ input }) => databaseFault(String(input)),
    })
    .default('file:./data/pushport.db'),
  DATABASE_POOL: whole(1, 1000, 10),
  DATABASE_STATEMENT_SECONDS: whole(1, 3600, 30),
  READ_ONLY: flag(false),
  FORWARD_TO: z
    .string()
    .refine((value) => publicUrl(value) !== null, 'must be an address such as https://push.example.com')
    .transform((value) => publicUrl(value) ?? value)
    .optional(),
  ADMIN_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must not contain spaces: it is sent as a Bearer token')
    .min(16, 'must have at least 16 characters: anyone who guesses it controls every app')
    .refine(
      (text) => !/^<.*>$|^(.)\1*$|…/.test(text),
      'is a placeholder; generate a token with: openssl rand -hex 32',
    )
    .optional(),
  MASTER_KEY: z.string().refine(isMasterKey, 'must be 32 bytes in base64 or hexadecimal').optional(),
  MASTER_KEY_PREVIOUS: z.string().refine(isMasterKey, 'must be 32 bytes in base64 or hexadecimal').optional(),
  RATE_LIMIT: flag(true),
  RATE_PER_ADDRESS: count(1, MOST_A_MINUTE).optional(),
  RATE_PER_APP: count(1, MOST_A_MINUTE).optional(),
  TRUST_PROXY: z
    .string()
    .refine(
      (value) => parseTrust(value) !== null,
      'must be off, loopback, cloudflare, a number of proxies up to 32, or addresses and networks such as 10.0.0.0/8, separated by commas',
    )
    .optional(),
  PUBLIC_URL: z
    .string()
    .refine((value) => publicUrl(value) !== null, 'must be an address such as https://push.example.com')
    .transform((value) => publicUrl(value) ?? value)
    .optional(),
  ALLOW_PRIVATE_TARGETS: flag(false),
  APNS_RELAY: z
    .string()
    .refine((value) => publicUrl(value) !== null, 'must be an address such as https://relay.example.com')
    .transform((value) => publicUrl(value) ?? value)
    .optional(),
  APNS_RELAY_KEY: z
    .string()
    .regex(
      /^[\x21-\x7e]{32,}$/,
      'must have at least 32 characters without spaces; generate it with: openssl rand -hex 32',
    )
    .optional(),
  APNS_RELAY_TARGETS: z
    .string()
    .refine(
      (value) => addresses(value) !== null,
      'must be addresses such as https://apns.example.com, separated by commas',
    )
    .transform((value) => addresses(value) ?? [])
    .default([]),
  LOG_LEVEL: word('silent', 'error', 'warn', 'info', 'debug').default('info'),
  LOG_REQUESTS: share({ all: 1, off: 'off' }).default(1),
  ...RECORDING,
  ...TELEMETRY,
  APP_CACHE_SECONDS: whole(0, 60, 30),
  MAX_DATABASE_BYTES: whole(1, 1_000_000_000_000, 10_000_000_000),
  MAX_SUBREQUESTS: whole(10, 1_000_000, 10_000),
  MAINTENANCE_SECONDS: whole(1, 3600, 60),
  HISTORY_DAYS: whole(1, 36_500, 400),
  RECEIPT_DAYS: whole(1, 36_500, 400),
  TOMBSTONE_DAYS: whole(1, 36_500, 400),
  MESSAGE_DAYS: whole(1, 36_500, 90),
  SUPERSEDED_DAYS: whole(1, 36_500, 90),
  UNDO_DAYS: whole(0, 365, 7),
  READY_SHARE: z
    .string()
    .regex(/^0?\.[0-9]{1,9}$/, 'must be a share below 1 such as 0.99')
    .transform(Number)
    .default(0.99),
  IMPORT_MAX_BYTES: whole(1, 1_000_000_000_000, 4 * 1024 * 1024 * 1024),
  IMPORT_MAX_ROWS: whole(1, 1_000_000_000, 5_000_000),
  IMPORT_KEEP_DAYS: whole(1, 36_500, 7),
  MAX_BODY_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bodyBytes),
  MAX_BULK_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bulkBytes),
  MAX_JSON_DEPTH: whole(1, 1000, DEFAULT_LIMITS.jsonDepth),
  MAX_HEADER_BYTES: whole(1024, 1024 * 1024, 64 * 1024),
  MAX_CONNECTIONS: whole(1, 1_000_000, 10_000),
  MAX_PATH_LENGTH: whole(1, 1024 * 1024, DEFAULT_LIMITS.pathLength),
})

/** Invalid configuration; the message names each variable and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The dialects, which may define their own variables. */
type Dialects = readonly Pick<Adapter, 'name' | 'capabilities'>[]

const ownVariables = ({ capabilities }: Dialects[number]) => capabilities.configuration?.variables

/** The names of all variables, without the prefix. */
export const variablesOf = (adapters: Dialects): readonly string[] => [
  ...Object.keys(Environment.shape),
  ...adapters.flatMap((dialect) => Object.keys(ownVariables(dialect) ?? {})),
]

/**
 * Parses the configuration from plain strings. A variable with the prefix wins over the bare name; an empty variable
 * counts as absent. Throws `ConfigError`.
 */
export function parseConfig(environment: Readonly<Record<string, unknown>>, adapters: Dialects = []): Config {
  const variables = setVariables(environment, variablesOf(adapters))
  const faults = new Map<string, string>()
  const settings = read(Environment, variables, faults)
  const dialects = adapters.flatMap((dialect) => {
    const own = ownVariables(dialect)
    if (own === undefined) return []
    const shape = Object.entries(own).map(([variable, { schema }]) => [variable, schema] as const)
    return [[dialect.name, read(z.object(Object.fromEntries(shape)), variables, faults) ?? {}] as const]
  })
  const relay = settings && relayFault(settings)
  if (relay !== undefined) faults.set('APNS_RELAY', `${variables.get('APNS_RELAY')?.spelling}: ${relay}`)
  if (settings === undefined || faults.size > 0) {
    throw new ConfigError(`Configuration: ${[...faults.values()].join('; ')}`)
  }
  return { ...configOf(settings), dialects: Object.fromEntries(dialects) }
}

/** Parses a schema's variables and collects their faults. */
function read<Shape extends z.ZodObject>(
  schema: Shape,
  variables: SetVariables,
  faults: Map<string, string>,
): z.infer<Shape> | undefined {
  const texts = Object.fromEntries([...variables].map(([name, { text }]) => [name, text]))
  const result = schema.safeParse(texts)
  for (const { path, message } of result.error?.issues ?? []) {
    const name = path.join('.')
    // Only the first fault of each variable is reported.
    if (!faults.has(name)) faults.set(name, `${variables.get(name)?.spelling ?? name}: ${message}`)
  }
  return result.data
}

function databaseOf(of: z.infer<typeof Environment>): Pick<Config, 'databaseFile' | 'postgres'> {
  const url = of.DATABASE_URL
  if (!POSTGRES.test(url)) return { databaseFile: url.replace(/^file:/, ''), postgres: undefined }
  return {
    databaseFile: url.replace(/:[^:@/]*@/, '@').replace(/\?.*$/, ''),
    postgres: { url, connections: of.DATABASE_POOL, statementSeconds: of.DATABASE_STATEMENT_SECONDS },
  }
}

function configOf(of: z.infer<typeof Environment>): Omit<Config, 'dialects'> {
  return {
    ...{ host: of.HOST, port: of.PORT, metricsPort: of.METRICS_PORT, metricsSeconds: of.METRICS_SECONDS },
    maxHeaderBytes: of.MAX_HEADER_BYTES,
    maxConnections: of.MAX_CONNECTIONS,
    ...databaseOf(of),
    readOnly: of.READ_ONLY,
    forwardTo: of.FORWARD_TO,
    adminToken: of.ADMIN_TOKEN,
    masterKey: of.MASTER_KEY,
    previousMasterKey: of.MASTER_KEY_PREVIOUS,
    rateLimit: of.RATE_LIMIT,
    ...{ ratePerAddress: of.RATE_PER_ADDRESS, ratePerApp: of.RATE_PER_APP },
    trustProxy: of.TRUST_PROXY,
    ...{ publicUrl: of.PUBLIC_URL, allowPrivateTargets: of.ALLOW_PRIVATE_TARGETS },
    ...relayOf(of),
    ...{ logLevel: of.LOG_LEVEL, logRequests: of.LOG_REQUESTS },
    ...{ recording: recordingOf(of), telemetry: telemetryOf(of) },
    appCacheSeconds: of.APP_CACHE_SECONDS,
    maxDatabaseBytes: of.MAX_DATABASE_BYTES,
    maxSubrequests: of.MAX_SUBREQUESTS,
    maintenanceSeconds: of.MAINTENANCE_SECONDS,
    retention: {
      historyDays: of.HISTORY_DAYS,
      receiptDays: of.RECEIPT_DAYS,
      messageDays: of.MESSAGE_DAYS,
      tombstoneDays: of.TOMBSTONE_DAYS,
      supersededDays: of.SUPERSEDED_DAYS,
      undoDays: of.UNDO_DAYS,
    },
    readyShare: of.READY_SHARE,
    imports: { bytes: of.IMPORT_MAX_BYTES, rows: of.IMPORT_MAX_ROWS, keepDays: of.IMPORT_KEEP_DAYS },
    limits: {
      bodyBytes: of.MAX_BODY_BYTES,
      bulkBytes: of.MAX_BULK_BYTES,
      jsonDepth: of.MAX_JSON_DEPTH,
      pathLength: of.MAX_PATH_LENGTH,
    },
  }
}
