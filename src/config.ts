import * as z from 'zod'
import type { Adapter, Settings } from './adapter.ts'
import { count, flag, whole, word } from './config/forms.ts'
import { type Given, givenIn } from './config/names.ts'
import type { Retention } from './domain/retention.ts'
import { publicUrl } from './http/outside.ts'
import { parseTrust } from './http/trust.ts'
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts'
import { isMasterKey } from './secrets/vault.ts'

/** What both runtimes are configured by: environment variables on Node, vars and secrets on Workers. */
export interface Config {
  readonly host: string
  readonly port: number
  /** On Node: bytes of a request's address and headers, and connections at a time. */
  readonly maxHeaderBytes: number
  readonly maxConnections: number
  /** The database file on Node, or `:memory:`. */
  readonly databaseFile: string
  readonly adminToken: string | undefined
  /** 32 bytes in base64 or hexadecimal; seals the secrets that must stay readable. */
  readonly masterKey: string | undefined
  /** Off only for load tests. */
  readonly rateLimit: boolean
  /** Requests a minute to the dialects from one address, and to one app; undefined: not limited. */
  readonly ratePerAddress: number | undefined
  readonly ratePerApp: number | undefined
  /** Whose forwarding headers are believed; undefined: as the runtime has it. */
  readonly trustProxy: string | undefined
  /** The outer address of the gateway, without a slash at its end. */
  readonly publicUrl: string | undefined
  readonly allowPrivateTargets: boolean
  /** What the variables of the dialects say, by the dialects' names. */
  readonly dialects: Readonly<Record<string, Settings>>
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly appCacheSeconds: number
  /** On Workers: what the database may hold at most, so that an operator is warned before it is full. */
  readonly maxDatabaseBytes: number
  readonly retention: Retention
  /** How often the maintenance runs on Node; on Workers the cron trigger says so. */
  readonly maintenanceSeconds: number
  readonly limits: Limits
}

/** A request rate that nobody reaches; as good as none. */
const MOST_A_MINUTE = 1_000_000_000

/** Shells and platforms export this name for databases of other programs. */
const databaseFault = (text: string) =>
  /^(postgres(ql)?|mysql|mariadb|libsql|mongodb(\+srv)?):/i.test(text)
    ? 'is the address of another kind of database; this one is a SQLite file: give file:PATH. If the variable belongs to another program, set PUSHPORT_DATABASE_URL'
    : 'must be file:PATH or :memory:'

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535, 8787),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|:memory:)$/, { error: ({ input }) => databaseFault(String(input)) })
    .default('file:./data/pushport.db'),
  ADMIN_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must hold no blanks: it is sent as a Bearer token')
    .min(16, 'must have at least 16 characters: whoever guesses it owns every app')
    .refine(
      (text) => !/^<.*>$|^(.)\1*$|…/.test(text),
      'is a placeholder; make one with: openssl rand -hex 32',
    )
    .optional(),
  MASTER_KEY: z.string().refine(isMasterKey, 'must be 32 bytes in base64 or hexadecimal').optional(),
  RATE_LIMIT: flag(true),
  RATE_PER_ADDRESS: count(1, MOST_A_MINUTE).optional(),
  RATE_PER_APP: count(1, MOST_A_MINUTE).optional(),
  TRUST_PROXY: z
    .string()
    .refine(
      (value) => parseTrust(value) !== null,
      'must be off, loopback, cloudflare, a number of proxies up to 32, or addresses and networks such as 10.0.0.0/8 with commas between',
    )
    .optional(),
  PUBLIC_URL: z
    .string()
    .refine((value) => publicUrl(value) !== null, 'must be an address such as https://push.example.com')
    .transform((value) => publicUrl(value) ?? value)
    .optional(),
  ALLOW_PRIVATE_TARGETS: flag(false),
  LOG_LEVEL: word('silent', 'error', 'warn', 'info', 'debug').default('info'),
  APP_CACHE_SECONDS: whole(0, 60, 30),
  MAX_DATABASE_BYTES: whole(1, 1_000_000_000_000, 10_000_000_000),
  MAINTENANCE_SECONDS: whole(1, 3600, 60),
  HISTORY_DAYS: whole(1, 36_500, 400),
  RECEIPT_DAYS: whole(1, 36_500, 400),
  TOMBSTONE_DAYS: whole(1, 36_500, 400),
  SUPERSEDED_DAYS: whole(1, 36_500, 90),
  MAX_BODY_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bodyBytes),
  MAX_BULK_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bulkBytes),
  MAX_JSON_DEPTH: whole(1, 1000, DEFAULT_LIMITS.jsonDepth),
  MAX_HEADER_BYTES: whole(1024, 1024 * 1024, 64 * 1024),
  MAX_CONNECTIONS: whole(1, 1_000_000, 10_000),
  MAX_PATH_LENGTH: whole(1, 1024 * 1024, DEFAULT_LIMITS.pathLength),
})

/** A variable is malformed: the message names each one and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Those who may have variables of their own: the dialects. */
type Speakers = readonly Pick<Adapter, 'name' | 'variables'>[]

/** The names of all variables, without the prefix. */
export const variablesOf = (adapters: Speakers): readonly string[] => [
  ...Object.keys(Environment.shape),
  ...adapters.flatMap(({ variables = {} }) => Object.keys(variables)),
]

/**
 * Reads the configuration from plain strings. Each variable may have the prefix; then the bare name is not looked at. An
 * empty variable counts as absent. Throws `ConfigError`.
 */
export function parseConfig(environment: Readonly<Record<string, unknown>>, adapters: Speakers = []): Config {
  const given = givenIn(environment, variablesOf(adapters))
  const faults = new Map<string, string>()
  const of = read(Environment, given, faults)
  const dialects = adapters.flatMap(({ name, variables }) => {
    if (variables === undefined) return []
    const shape = Object.entries(variables).map(([variable, { schema }]) => [variable, schema] as const)
    return [[name, read(z.object(Object.fromEntries(shape)), given, faults) ?? {}] as const]
  })
  if (of === undefined || faults.size > 0) {
    throw new ConfigError(`Configuration: ${[...faults.values()].join('; ')}`)
  }
  return { ...configOf(of), dialects: Object.fromEntries(dialects) }
}

/** What a schema makes of its variables; notes their faults. */
function read<Shape extends z.ZodObject>(
  schema: Shape,
  given: Given,
  faults: Map<string, string>,
): z.infer<Shape> | undefined {
  const texts = Object.fromEntries([...given].map(([name, { text }]) => [name, text]))
  const result = schema.safeParse(texts)
  for (const { path, message } of result.error?.issues ?? []) {
    const name = path.join('.')
    // One fault a variable: the first says enough.
    if (!faults.has(name)) faults.set(name, `${given.get(name)?.spelling ?? name}: ${message}`)
  }
  return result.data
}

function configOf(of: z.infer<typeof Environment>): Omit<Config, 'dialects'> {
  return {
    host: of.HOST,
    port: of.PORT,
    maxHeaderBytes: of.MAX_HEADER_BYTES,
    maxConnections: of.MAX_CONNECTIONS,
    databaseFile: of.DATABASE_URL.replace(/^file:/, ''),
    adminToken: of.ADMIN_TOKEN,
    masterKey: of.MASTER_KEY,
    rateLimit: of.RATE_LIMIT,
    ratePerAddress: of.RATE_PER_ADDRESS,
    ratePerApp: of.RATE_PER_APP,
    trustProxy: of.TRUST_PROXY,
    publicUrl: of.PUBLIC_URL,
    allowPrivateTargets: of.ALLOW_PRIVATE_TARGETS,
    logLevel: of.LOG_LEVEL,
    appCacheSeconds: of.APP_CACHE_SECONDS,
    maxDatabaseBytes: of.MAX_DATABASE_BYTES,
    maintenanceSeconds: of.MAINTENANCE_SECONDS,
    retention: {
      historyDays: of.HISTORY_DAYS,
      receiptDays: of.RECEIPT_DAYS,
      tombstoneDays: of.TOMBSTONE_DAYS,
      supersededDays: of.SUPERSEDED_DAYS,
    },
    limits: {
      bodyBytes: of.MAX_BODY_BYTES,
      bulkBytes: of.MAX_BULK_BYTES,
      jsonDepth: of.MAX_JSON_DEPTH,
      pathLength: of.MAX_PATH_LENGTH,
    },
  }
}
