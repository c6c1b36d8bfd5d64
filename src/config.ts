import { z } from 'zod'
import type { Retention } from './gateway/maintenance.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'

/** What both runtimes are configured by: environment variables on Node, vars and secrets on Workers. */
export interface Config {
  readonly host: string
  readonly port: number
  /** The database file on Node, or `:memory:`. */
  readonly databaseFile: string
  readonly adminToken: string | undefined
  /** 32 bytes in base64; seals the secrets that must stay readable. */
  readonly masterKey: string | undefined
  /** Off only for load tests. */
  readonly rateLimit: boolean
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

const flag = (otherwise: 'on' | 'off') =>
  z
    .enum(['on', 'off'])
    .default(otherwise)
    .transform((value) => value === 'on')

const count = (otherwise: number, most: number) => z.coerce.number().int().min(1).max(most).default(otherwise)

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|:memory:)$/, 'must be file:PATH or :memory:')
    .default('file:./data/pushport.db'),
  ADMIN_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  MASTER_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be 32 bytes in base64')
    .optional(),
  RATE_LIMIT: flag('on'),
  ALLOW_PRIVATE_TARGETS: flag('off'),
  MFP_CONTEXT: z
    .string()
    .regex(/^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, 'must be a path such as /mfp')
    .default('/mfp'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  APP_CACHE_SECONDS: z.coerce.number().int().min(0).max(60).default(30),
  MAX_DATABASE_BYTES: count(10_000_000_000, 1_000_000_000_000),
  MAINTENANCE_SECONDS: count(60, 3600),
  HISTORY_DAYS: count(400, 36_500),
  RECEIPT_DAYS: count(400, 36_500),
  TOMBSTONE_DAYS: count(400, 36_500),
  MAX_BODY_BYTES: count(DEFAULT_LIMITS.bodyBytes, 100 * 1024 * 1024),
  MAX_BULK_BYTES: count(DEFAULT_LIMITS.bulkBytes, 100 * 1024 * 1024),
  MAX_JSON_DEPTH: count(DEFAULT_LIMITS.jsonDepth, 1000),
  MAX_PATH_LENGTH: count(DEFAULT_LIMITS.pathLength, 1024 * 1024),
})

/** A variable is malformed: the message names each one and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the configuration from plain strings; an empty variable counts as absent, an unknown one is not looked at.
 * Throws `ConfigError`.
 */
export function parseConfig(environment: Readonly<Record<string, unknown>>): Config {
  const given = Object.fromEntries(
    Object.keys(Environment.shape).flatMap((name) => {
      const value = environment[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
  const result = Environment.safeParse(given)
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`Configuration: ${faults.join('; ')}`)
  }
  const of = result.data
  return {
    host: of.HOST,
    port: of.PORT,
    databaseFile: of.DATABASE_URL.replace(/^file:/, ''),
    adminToken: of.ADMIN_TOKEN,
    masterKey: of.MASTER_KEY,
    rateLimit: of.RATE_LIMIT,
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
    },
    limits: {
      bodyBytes: of.MAX_BODY_BYTES,
      bulkBytes: of.MAX_BULK_BYTES,
      jsonDepth: of.MAX_JSON_DEPTH,
      pathLength: of.MAX_PATH_LENGTH,
    },
  }
}
