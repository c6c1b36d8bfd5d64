import { adapters } from '../../adapters/index.ts'
import { Environment, variablesOf } from '../../src/config.ts'

export const SETTINGS_PAGE = 'docs/configuration.md'

const HEAD = `# Configuration

<!-- Written from the code by \`npm run reference\`. -->

The same names on Node (environment variables) and on Workers (vars and secrets). Each may have the prefix \`PUSHPORT_\`, which wins
over the bare name. A variable that is not set, or empty, has its default; an invalid value stops the start with one line that
names it (on Workers: the first request answers so); a switch takes \`on\`/\`off\`, \`true\`/\`false\`, \`yes\`/\`no\`, \`1\`/\`0\`; a name
that is almost one of these is warned of.
`

/** What a variable means; \`shown\` where its default is told otherwise than by its value. */
interface Meaning {
  readonly is: string
  readonly shown?: string
}

type Group = readonly [title: string, of: Readonly<Record<string, Meaning | string>>]

const GROUPS: readonly Group[] = [
  [
    'Where it listens, and where it keeps things',
    {
      HOST: 'The address on which Node listens. `0.0.0.0` for every network of the machine.',
      PORT: 'The port; 0 for any that is free.',
      DATABASE_URL:
        '`file:PATH`, `:memory:`, or a PostgreSQL, which several gateways may share: `postgres://USER:PASSWORD@HOST1,HOST2:5433/DATABASE` (below). On Workers the database is the binding `DB`.',
      DATABASE_POOL: 'Connections of this gateway to a PostgreSQL.',
      DATABASE_STATEMENT_SECONDS: 'Seconds that a PostgreSQL may take for one statement.',
      READ_ONLY:
        'On Node: nothing is written, while `pushport move` copies the database; calls that change something are asked to come back later. See [moving house](scaling.md#moving-house).',
      FORWARD_TO:
        'On Node: the address of the gateway to which this one, whose database has moved, passes every call.',
    },
  ],
  [
    'Secrets',
    {
      ADMIN_TOKEN: {
        is: 'Opens the admin API and the console: at least 16 characters. Required on Workers and with a PostgreSQL.',
        shown: 'made at the first start, kept in `data/admin-token`',
      },
      MASTER_KEY: {
        is: '32 bytes in base64 or hexadecimal; encrypts the secrets that must stay readable. Required on Workers and with a PostgreSQL. Back it up: without it they cannot be decrypted.',
        shown: 'made at the first start, kept in `data/master-key`',
      },
      MASTER_KEY_PREVIOUS:
        'The key before `MASTER_KEY`, while [it is replaced](keys.md): what it encrypts can still be read, and is encrypted anew.',
    },
  ],
  [
    'What stands in front of it',
    {
      TRUST_PROXY: {
        is: 'Whose `X-Forwarded-*`, `Forwarded` or `CF-Connecting-IP` is believed: `off`, `loopback`, addresses and networks with commas between, a number of proxies, `cloudflare`.',
        shown: '`loopback`; `cloudflare` on Workers',
      },
      PUBLIC_URL: {
        is: 'The outer address, such as `https://gw.example`: links and redirect checks use it.',
        shown: 'what believed headers, or the request, say',
      },
      ALLOW_PRIVATE_TARGETS:
        'Lets outgoing calls (webhooks, vendors, push services) reach loopback and private addresses. For trying things out; leave it off where others can reach the gateway.',
      MAX_HEADER_BYTES:
        'On Node: the largest head of a request; a larger one is a 431 in the form of its path.',
      MAX_CONNECTIONS: 'On Node: the most connections at a time.',
    },
  ],
  [
    'Limits of requests',
    {
      RATE_LIMIT:
        'Slows down wrong credentials of server calls (100 a minute per tenant or client and address), tokens issued and admin calls; a right credential always passes. Off for load tests alone.',
      RATE_PER_ADDRESS:
        'Requests a minute to the dialects, per address. Leave it unset: shipped SDKs retry a 429 for ever.',
      RATE_PER_APP: 'The same per app.',
      MAX_BODY_BYTES: 'The largest body of a request.',
      MAX_BULK_BYTES: 'The largest body of a bulk registration.',
      MAX_JSON_DEPTH: 'How deep JSON may be nested.',
      MAX_PATH_LENGTH: 'The longest address of a request, in characters.',
    },
  ],
  [
    'How long things are kept',
    {
      MAINTENANCE_SECONDS: 'How often expiry and retention run on Node. On Workers the cron trigger says.',
      HISTORY_DAYS: 'History of devices, and the audit.',
      RECEIPT_DAYS: 'Reports that a message arrived or was opened.',
      TOMBSTONE_DAYS: 'The memory of push tokens that nothing points at any more; only their hashes.',
      MESSAGE_DAYS: 'Messages that are over, with what became of each phone.',
      SUPERSEDED_DAYS: 'A device whose token another one took, from then or from its last call.',
      IMPORT_KEEP_DAYS: 'The list of rows that an import did not take.',
    },
  ],
  [
    'Moving from a vendor',
    {
      READY_SHARE:
        'The share of a vendor’s active devices that must have called here before [readiness](readiness.md) says that the vendor can be turned off.',
    },
  ],
  [
    'Files that are imported',
    {
      IMPORT_MAX_BYTES: 'The largest file, unpacked.',
      IMPORT_MAX_ROWS: 'The most rows of a file.',
    },
  ],
  [
    'Sending',
    {
      APNS_RELAY:
        'The address of an instance on Node that sends to APNs in this one’s place: [from Workers](push-services.md#apns-from-workers-a-relay).',
      APNS_RELAY_KEY: 'The key of both. With it alone, an instance on Node is such a relay.',
      APNS_RELAY_TARGETS: 'Of a relay: addresses besides Apple’s to which it may send, with commas between.',
      MAX_SUBREQUESTS:
        'On Workers: requests to other servers that one invocation may make. `50` on Workers Free; a page of a message then has 40 phones.',
    },
  ],
  [
    'Watching it',
    {
      LOG_LEVEL:
        '`silent`, `error`, `warn`, `info` or `debug`: one JSON line a request on standard output (a short one in a terminal), never a secret or a whole token.',
      LOG_REQUESTS: {
        is: 'The share of successes that are logged: `all`, or such as `0.01`, then told as `sampleRate`; refusals and errors always are. `off`: only errors of the gateway.',
        shown: '`all`',
      },
      METRICS_PORT:
        'On Node: a port for `/metrics` alone, without the admin token; 0 for any that is free. Otherwise `/metrics` is on the port of the gateway and needs the token. See [operations](operations.md).',
      METRICS_SECONDS:
        'On Workers: how often an isolate adds what it counted to the database, for `/metrics`; 0 for never. See [operations](operations.md#metrics-on-workers).',
      OTEL_EXPORTER_OTLP_ENDPOINT:
        'On Node: where [traces and metrics are exported](operations.md#traces-and-metrics-by-otlp) by OTLP, such as `http://127.0.0.1:4318`.',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'How; no other is spoken.',
      OTEL_EXPORTER_OTLP_HEADERS: {
        is: 'Headers for the collector: `name=value`, percent-encoded, with commas between.',
        shown: 'none',
      },
      OTEL_SERVICE_NAME: 'What the gateway is called in traces.',
      OTEL_RESOURCE_ATTRIBUTES: {
        is: 'More that is told of it, in the same form.',
        shown: 'none',
      },
      OTEL_TRACES_EXPORTER: '`otlp`, or `none`: no traces.',
      OTEL_METRICS_EXPORTER: '`otlp`, or `none`: no metrics.',
      OTEL_TRACES_SAMPLER:
        'Which requests are traced: `always_on`, `always_off`, `traceidratio`, or the same behind `parentbased_`, where callers that send `traceparent` decide for theirs.',
      OTEL_TRACES_SAMPLER_ARG: 'The share of `traceidratio`, from 0 to 1.',
      OTEL_METRIC_EXPORT_INTERVAL: 'How often metrics are exported, in milliseconds.',
      OTEL_BSP_SCHEDULE_DELAY: 'How long spans are gathered before they are exported, in milliseconds.',
      RECORD_SHARE: {
        is: 'The share of calls that are recorded for [a replay](replay.md), without tokens, ids and secrets: `all`, `off`, or such as `0.01`.',
        shown: '`off`',
      },
      RECORD_FOLDER: 'Where recorded calls are kept.',
      RECORD_MAX_BYTES: 'The most bytes of recorded calls; the oldest file goes first.',
      MAX_DATABASE_BYTES: 'On Workers: how large the D1 may grow; from 80 % of it on, `/readyz` warns.',
    },
  ],
  [
    'Several isolates or gateways',
    {
      APP_CACHE_SECONDS:
        'How long another isolate may still accept a revoked key or a token issued for it: 0 to 60.',
    },
  ],
]

const POSTGRES = `## PostgreSQL

\`DATABASE_URL=postgres://…\` takes what libpq takes of these: several hosts with commas between, of which the first that can be
written to is used, and the next one where that ends (a failover needs no restart); \`sslmode=require\` (encrypted), \`verify-ca\`,
\`verify-full\` (and the certificate's name), with \`sslrootcert=FILE\` for an authority of your own, \`sslcert=FILE\` and
\`sslkey=FILE\`; without \`sslmode\` the connection is not encrypted. \`application_name\` is \`pushport\` unless set, and
\`target_session_attrs=read-write\` is what the gateway does anyway.

The database must be the gateway's own. Whoever of several gateways starts first brings its schema up to date, and a gateway
refuses a schema that a newer one has changed. All gateways of one database need the same \`MASTER_KEY\` and \`ADMIN_TOKEN\`. One more
connection than \`DATABASE_POOL\` listens (\`LISTEN\`), so that what one gateway revokes the others refuse at once; behind a pooler
that shares sessions, after \`APP_CACHE_SECONDS\`. Rate limits are counted by all of them together, in an unlogged table.
`

/** Every variable with its default and its meaning. Throws where one has no meaning, or a meaning no variable. */
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
