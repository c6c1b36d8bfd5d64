import * as z from 'zod'
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
  /** The MobileFirst runtime context, such as `/mfp`. */
  readonly mfpContext: `/${string}`
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly appCacheSeconds: number
  /** On Workers: what the database may hold at most, so that an operator is warned before it is full. */
  readonly maxDatabaseBytes: number
  readonly retention: Retention
  /** How often the maintenance runs on Node; on Workers the cron trigger says so. */
  readonly maintenanceSeconds: number
  readonly limits: Limits
}

const YES: ReadonlySet<string> = new Set(['on', 'true', 'yes', '1'])
const NO: ReadonlySet<string> = new Set(['off', 'false', 'no', '0'])

/** A switch, in any of the words that people use for one. */
const flag = (otherwise: boolean) =>
  z
    .string()
    .transform((text) => text.toLowerCase())
    .refine((text) => YES.has(text) || NO.has(text), 'must be on or off')
    .transform((text) => YES.has(text))
    .default(otherwise)

const count = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
}
const whole = (least: number, most: number, otherwise: number) => count(least, most).default(otherwise)

const word = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` })

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
  MFP_CONTEXT: z
    .string()
    .regex(/^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, 'must be a path such as /mfp')
    .default('/mfp'),
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

/** Before any name: for environments in which another program has the bare one. */
export const PREFIX = 'PUSHPORT_'
export const VARIABLES: readonly string[] = Object.keys(Environment.shape)

/**
 * Reads the configuration from plain strings. Each variable may have the prefix; then the bare name is not looked at. An
 * empty variable counts as absent. Throws `ConfigError`.
 */
export function parseConfig(environment: Readonly<Record<string, unknown>>): Config {
  const names = new Map<string, string>()
  const given: Record<string, string> = {}
  for (const name of VARIABLES) {
    for (const spelling of [PREFIX + name, name]) {
      const value = environment[spelling]
      // Files and pipes end in a line feed that nobody means.
      const text = typeof value === 'string' ? value.trim() : ''
      if (text === '') continue
      names.set(name, spelling)
      given[name] = text
      break
    }
  }
  const result = Environment.safeParse(given)
  if (!result.success) {
    const told = new Map<string, string>()
    for (const { path, message } of result.error.issues) {
      const name = path.join('.')
      // One fault a variable: the first says enough.
      if (!told.has(name)) told.set(name, `${names.get(name) ?? name}: ${message}`)
    }
    throw new ConfigError(`Configuration: ${[...told.values()].join('; ')}`)
  }
  const of = result.data
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
    mfpContext: of.MFP_CONTEXT as `/${string}`,
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
