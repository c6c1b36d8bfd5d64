import { adapters } from '../../adapters/index.ts'
import { Environment, variablesOf } from '../../src/config.ts'

export const SETTINGS_PAGE = 'docs/configuration.md'

const HEAD = `# Configuration

<!-- Written from the code by \`npm run reference\`. -->

Settings have the same names on Node (environment variables) and on Workers (vars and secrets). Each may have the prefix
\`PUSHPORT_\`, which takes precedence over the bare name. An unset or empty variable has its default. An invalid value stops the start
with a message that names it (on Workers: the first request is answered with it). Switches accept \`on\`/\`off\`, \`true\`/\`false\`,
\`yes\`/\`no\`, \`1\`/\`0\`. A misspelt name causes a warning.
`

/** The meaning of a variable; \`shown\` if its default is described in another way than by its value. */
interface Meaning {
  readonly is: string
  readonly shown?: string
}

type Group = readonly [title: string, of: Readonly<Record<string, Meaning | string>>]

const GROUPS: readonly Group[] = [
  [
    'Address and database',
    {
      HOST: 'The address on which Node listens. `0.0.0.0` for every network of the machine.',
      PORT: 'The port; 0 for any free one.',
      DATABASE_URL:
        '`file:PATH`, `:memory:`, or a PostgreSQL, which several gateways can share: `postgres://USER:PASSWORD@HOST1,HOST2:5433/DATABASE` (below). On Workers the database is the binding `DB`.',
      DATABASE_POOL: 'Connections of this gateway to a PostgreSQL.',
      DATABASE_STATEMENT_SECONDS: 'The statement timeout of a PostgreSQL, in seconds.',
      READ_ONLY:
        'On Node: refuses writes while `pushport move` copies the database; calls that change data are told to retry later. See [moving house](scaling.md#moving-house).',
      FORWARD_TO:
        'On Node: passes every call to the gateway at this address, after the database has moved there.',
    },
  ],
  [
    'Secrets',
    {
      ADMIN_TOKEN: {
        is: 'Grants access to the admin API and the console: at least 16 characters. Required on Workers and with a PostgreSQL.',
        shown: 'created at the first start, in `data/admin-token`',
      },
      MASTER_KEY: {
        is: '32 bytes in base64 or hexadecimal; encrypts stored secrets. Required on Workers and with a PostgreSQL. Back it up: without it they cannot be decrypted.',
        shown: 'created at the first start, in `data/master-key`',
      },
      MASTER_KEY_PREVIOUS:
        'The key before `MASTER_KEY`, while [it is replaced](keys.md): what it encrypted can still be read, and is re-encrypted.',
    },
  ],
  [
    'Proxies and connections',
    {
      TRUST_PROXY: {
        is: 'The proxies whose `X-Forwarded-*`, `Forwarded` or `CF-Connecting-IP` is trusted: `off`, `loopback`, a comma-separated list of addresses and networks, a number of proxies, `cloudflare`.',
        shown: '`loopback`; `cloudflare` on Workers',
      },
      PUBLIC_URL: {
        is: 'The public address, such as `https://gw.example`, used for links and redirect checks.',
        shown: 'from trusted headers, or the request',
      },
      ALLOW_PRIVATE_TARGETS:
        'Lets outgoing calls (webhooks, vendors, push services) reach loopback and private addresses. For trials; keep it off if others can reach the gateway.',
      MAX_HEADER_BYTES:
        'On Node: the largest header section of a request; a larger one gets 431, in the format of its path.',
      MAX_CONNECTIONS: 'On Node: the most connections at a time.',
    },
  ],
  [
    'Limits of requests',
    {
      RATE_LIMIT:
        'Limits wrong credentials of server calls (100 a minute per tenant or client and address), tokens issued and admin calls; a correct credential always passes. Turn it off for load tests only.',
      RATE_PER_ADDRESS:
        'Requests a minute to the dialects, per address. Leave it unset: shipped SDKs retry a 429 forever.',
      RATE_PER_APP: 'The same per app.',
      MAX_BODY_BYTES: 'The largest body of a request.',
      MAX_BULK_BYTES: 'The largest body of a bulk registration.',
      MAX_JSON_DEPTH: 'How deep JSON may be nested.',
      MAX_PATH_LENGTH: 'The longest address of a request, in characters.',
    },
  ],
  [
    'Retention',
    {
      MAINTENANCE_SECONDS: 'How often expiry and retention run on Node. On Workers the cron trigger decides.',
      HISTORY_DAYS: 'History of devices, and the audit.',
      RECEIPT_DAYS: 'Reports that a message arrived or was opened.',
      TOMBSTONE_DAYS: 'Hashes of push tokens that no device uses any more.',
      MESSAGE_DAYS: 'Finished messages, with the result for each phone.',
      SUPERSEDED_DAYS:
        'A device whose token was taken over by another, counted from then or from its last call.',
      UNDO_DAYS:
        'Former tokens and removed devices, sealed with `MASTER_KEY`, for an [undo](undo.md). 0 keeps none.',
      IMPORT_KEEP_DAYS: 'The list of rows that were not imported.',
    },
  ],
  [
    'Moving from a vendor',
    {
      READY_SHARE:
        'The share of a vendor’s active devices that must have called the gateway before [readiness](readiness.md) is `ready`.',
    },
  ],
  [
    'Imports',
    {
      IMPORT_MAX_BYTES: 'The largest file, unpacked.',
      IMPORT_MAX_ROWS: 'The most rows of a file.',
    },
  ],
  [
    'Sending',
    {
      APNS_RELAY:
        'The address of an instance on Node that sends to APNs on behalf of this one: [from Workers](push-services.md#apns-from-workers-a-relay).',
      APNS_RELAY_KEY: 'The shared key. With it alone, an instance on Node acts as a relay.',
      APNS_RELAY_TARGETS:
        'On a relay: further addresses, besides Apple’s, to which it may send, separated by commas.',
      MAX_SUBREQUESTS:
        'On Workers: requests to other servers that one invocation may make. `50` on Workers Free; a page of a message then has 40 phones.',
    },
  ],
  [
    'Logs, metrics and recording',
    {
      LOG_LEVEL:
        '`silent`, `error`, `warn`, `info` or `debug`: one JSON line per request on standard output (a short one in a terminal), never a secret or a complete token.',
      LOG_REQUESTS: {
        is: 'The share of successes that are logged: `all`, or a number such as `0.01`, shown as `sampleRate`; refusals and errors are always logged. `off`: only errors of the gateway.',
        shown: '`all`',
      },
      METRICS_PORT:
        'On Node: a separate port for `/metrics`, without the admin token; 0 for any free one. Otherwise `/metrics` is on the port of the gateway and needs the token. See [operations](operations.md).',
      METRICS_SECONDS:
        'On Workers: how often an isolate adds what it counted to the database, for `/metrics`; 0 for never. See [operations](operations.md#metrics-on-workers).',
      OTEL_EXPORTER_OTLP_ENDPOINT:
        'On Node: where [traces and metrics are exported](operations.md#traces-and-metrics-by-otlp) by OTLP, such as `http://127.0.0.1:4318`.',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'The protocol; no other is supported.',
      OTEL_EXPORTER_OTLP_HEADERS: {
        is: 'Headers for the collector: `name=value`, percent-encoded, separated by commas.',
        shown: 'none',
      },
      OTEL_SERVICE_NAME: 'The name of the gateway in traces.',
      OTEL_RESOURCE_ATTRIBUTES: {
        is: 'Further attributes of the gateway, in the same form.',
        shown: 'none',
      },
      OTEL_TRACES_EXPORTER: '`otlp`, or `none`: no traces.',
      OTEL_METRICS_EXPORTER: '`otlp`, or `none`: no metrics.',
      OTEL_TRACES_SAMPLER:
        'Which requests are traced: `always_on`, `always_off`, `traceidratio`, or these with the prefix `parentbased_`, in which case callers that send `traceparent` decide for their requests.',
      OTEL_TRACES_SAMPLER_ARG: 'The share of `traceidratio`, from 0 to 1.',
      OTEL_METRIC_EXPORT_INTERVAL: 'How often metrics are exported, in milliseconds.',
      OTEL_BSP_SCHEDULE_DELAY: 'How long spans are collected before they are exported, in milliseconds.',
      RECORD_SHARE: {
        is: 'The share of calls that are recorded for [a replay](replay.md), without tokens, ids and secrets: `all`, `off`, or a number such as `0.01`.',
        shown: '`off`',
      },
      RECORD_FOLDER: 'The folder for recorded calls.',
      RECORD_MAX_BYTES: 'The maximum size of recorded calls; the oldest file is deleted first.',
      MAX_DATABASE_BYTES: 'On Workers: the maximum size of the D1; from 80 % on, `/readyz` warns.',
    },
  ],
  [
    'Several isolates or gateways',
    {
      APP_CACHE_SECONDS:
        'How long another isolate may still accept a revoked key or a token issued with it: 0 to 60.',
    },
  ],
]

const POSTGRES = `## PostgreSQL

\`DATABASE_URL=postgres://…\` supports these options of libpq: several hosts separated by commas (the gateway uses the first
writable one, and moves to the next after a failover without a restart); \`sslmode=require\` (encrypted), \`verify-ca\`,
\`verify-full\` (and the certificate's name), with \`sslrootcert=FILE\` for your own certificate authority, \`sslcert=FILE\` and
\`sslkey=FILE\`; without \`sslmode\` the connection is not encrypted. \`application_name\` is \`pushport\` unless set;
\`target_session_attrs=read-write\` is always in effect.

Use a database for the gateway alone. The first gateway to start migrates its schema, and a gateway refuses a schema that a newer
version has migrated. All gateways over one database need the same \`MASTER_KEY\` and \`ADMIN_TOKEN\`. One connection in addition to
\`DATABASE_POOL\` is used for \`LISTEN\`, so that a key revoked on one gateway is refused by all immediately; behind a pooler that
shares sessions, after \`APP_CACHE_SECONDS\`. Rate limits are shared by all gateways, in an unlogged table.
`

/**
 * Every variable with its default and its meaning. Throws if a variable has no meaning here, or a meaning has
 * no variable.
 */
export function settingsPage(): string {
  const own = adapters.flatMap(({ capabilities: { configuration } }) =>
    Object.entries(configuration?.variables ?? {}).map(
      ([name, { help, schema }]) =>
        [name, { is: sentence(help), shown: shown(schema.parse(undefined)) }] as const,
    ),
  )
  const groups: readonly Group[] = [...GROUPS, ['Dialects', Object.fromEntries(own)]]
  const told = new Set(groups.flatMap(([, of]) => Object.keys(of)))
  const known = new Set(variablesOf(adapters))
  for (const name of known) if (!told.has(name)) throw new Error(`${name} has no meaning in settings.ts.`)
  for (const name of told) if (!known.has(name)) throw new Error(`${name} is no variable.`)
  return `${HEAD}\n${groups.map(table).join('\n')}\n${POSTGRES}`
}

function table([title, of]: Group): string {
  const rows = Object.entries(of).map(([name, meaning]) => {
    const { is, shown: told } = typeof meaning === 'string' ? { is: meaning } : meaning
    return `| \`${name}\` | ${told ?? defaultOf(name)} | ${is} |`
  })
  return `## ${title}\n\n| variable | default | |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}

function defaultOf(name: string): string {
  const { [name as keyof typeof Environment.shape]: schema } = Environment.shape
  return shown(schema.parse(undefined))
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'not set'
  if (typeof value === 'boolean') return value ? '`on`' : '`off`'
  return `\`${value}\``
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
