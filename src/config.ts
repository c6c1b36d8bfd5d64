import * as z from 'zod'
import type { Retention } from './gateway/maintenance.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { isMasterKey } from './secrets/vault.ts'

/** What both runtimes are configured by: environment variables on Node, vars and secrets on Workers. */
export interface Config {
  readonly host: string
  readonly port: number
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

const whole = (least: number, most: number, otherwise: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .default(otherwise)
}

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535, 8787),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|:memory:)$/, 'must be file:PATH or :memory:')
    .default('file:./data/pushport.db'),
  ADMIN_TOKEN: z.string().regex(/^\S+$/, 'must hold no blanks: it is sent as a Bearer token').optional(),
  MASTER_KEY: z.string().refine(isMasterKey, 'must be 32 bytes in base64 or hexadecimal').optional(),
  RATE_LIMIT: flag('on'),
  RATE_PER_ADDRESS: z.coerce.number().int().min(1).optional(),
  RATE_PER_APP: z.coerce.number().int().min(1).optional(),
  ALLOW_PRIVATE_TARGETS: flag('off'),
  MFP_CONTEXT: z
    .string()
    .regex(/^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, 'must be a path such as /mfp')
    .default('/mfp'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  APP_CACHE_SECONDS: whole(0, 60, 30),
  MAX_DATABASE_BYTES: whole(1, 1_000_000_000_000, 10_000_000_000),
  MAINTENANCE_SECONDS: whole(1, 3600, 60),
  HISTORY_DAYS: whole(1, 36_500, 400),
  RECEIPT_DAYS: whole(1, 36_500, 400),
  TOMBSTONE_DAYS: whole(1, 36_500, 400),
  MAX_BODY_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bodyBytes),
  MAX_BULK_BYTES: whole(1, 100 * 1024 * 1024, DEFAULT_LIMITS.bulkBytes),
  MAX_JSON_DEPTH: whole(1, 1000, DEFAULT_LIMITS.jsonDepth),
  MAX_PATH_LENGTH: whole(1, 1024 * 1024, DEFAULT_LIMITS.pathLength),
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
    ratePerAddress: of.RATE_PER_ADDRESS,
    ratePerApp: of.RATE_PER_APP,
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
