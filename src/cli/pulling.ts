import { readFileSync } from 'node:fs'
import type { ArgsDef } from 'citty'
import { PullFault } from '../pull/fault.ts'
import { createPolite, type Polite } from '../pull/polite.ts'
import type { Source } from '../pull/source.ts'
import { openSpool, type Spool } from '../pull/spool.ts'
import type { Vendor } from '../pull/vendor.ts'
import { APP, command, DRY_RUN, REMOTE, type Told } from './command.ts'
import { secret } from './confirm.ts'
import { textIn } from './document.ts'
import { EXIT, Fault, usage } from './faults.ts'
import { remote } from './gateway.ts'
import { endOf, imported } from './importing.ts'
import { createOutput, type Output } from './output.ts'
import { showProgress } from './progress.ts'

const PATIENCE = 60

/** Options of every vendor's pull. */
const PULL = {
  ...REMOTE,
  ...APP,
  from: { type: 'string', valueHint: 'URL', description: 'The URL of the vendor’s API.' },
  'secret-file': {
    type: 'string',
    valueHint: 'FILE',
    description:
      'A file that contains only the secret; otherwise the variable below is used, or you are asked in a terminal.',
  },
  file: {
    type: 'string',
    valueHint: 'FILE',
    description: 'The fetched data, with tokens; pull-VENDOR-APP by default. Deleted after the import.',
  },
  keep: { type: 'boolean', description: 'Keeps the file after the import.' },
  'fetch-only': { type: 'boolean', description: 'Fetches the file without importing it.' },
  resume: { type: 'boolean', description: 'Continues an interrupted pull with its file.' },
  rate: {
    type: 'string',
    valueHint: 'NUMBER',
    description: 'The maximum number of calls per second to the vendor.',
  },
  patience: {
    type: 'string',
    valueHint: 'SECONDS',
    description: `How long to wait for data from the vendor (${PATIENCE}).`,
  },
  environment: {
    type: 'string',
    valueHint: 'production|sandbox',
    description: 'The APNs environment of its tokens.',
  },
  rejects: { type: 'string', valueHint: 'FILE', description: 'The file for rejected rows.' },
  ...DRY_RUN,
} as const satisfies ArgsDef

/** The command that pulls from one vendor. */
export function pulling(vendor: Vendor): Told {
  const [variable, what] = vendor.secret
  return command({
    name: vendor.name,
    is: `${vendor.is} ${variable} is ${what}.`,
    args: { ...PULL, ...vendor.args } as ArgsDef,
    examples: vendor.examples,
    run: ({ args }) => inWords(() => pull(vendor, args as unknown as PullArgs)),
  })
}

async function pull(vendor: Vendor, args: PullArgs) {
  const output = createOutput(args.json === true)
  const from = whereOf(args.from ?? vendor.from)
  const source = vendor.source({
    from,
    secret: await secretOf(output, args, vendor.secret),
    args,
    textIn,
  })
  const to = args['fetch-only'] ? null : await destination(args)
  const spool = openSpool({
    file: args.file ?? `pull-${vendor.name}-${args.app.replace(/[^\w.-]/g, '_')}`,
    what: source.what,
    resume: args.resume === true,
    now: new Date(),
  })
  const polite = createPolite({
    rate: positive(args.rate, '--rate', source.rate),
    patience: 1000 * positive(args.patience, '--patience', PATIENCE),
    secrets: source.secrets,
    note: output.note,
  })
  try {
    await fetchAll(source, { polite, spool, output })
  } finally {
    spool.close()
  }
  const fetched = { file: spool.file, rows: spool.pulled.rows, ...polite.counts }
  if (to === null)
    return output.say(fetched, `${spool.file} has ${fetched.rows} rows. Import it as ${source.format}.`)
  const { startedAt } = spool.pulled
  const query = queryOf(source, args, startedAt)
  const done = await imported({ ...to, output, file: spool.file, query, rejects: args.rejects })
  output.say({ ...fetched, import: done.document }, done.text)
  const end = endOf(done)
  if (!args.keep && !args['dry-run']) spool.remove()
  else
    output.note(
      `${spool.file} is kept; it contains every token. --resume imports it without fetching it again.`,
    )
  return end
}

/** The error of a pull, with its exit code. */
async function inWords<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof PullFault)) throw error
    throw new Fault(
      { usage: EXIT.usage, refused: EXIT.refused, later: EXIT.unreachable }[error.kind],
      error.message,
    )
  }
}

interface PullArgs extends Readonly<Record<string, string | boolean | undefined>> {
  readonly app: string
  readonly url?: string
  readonly context?: string
  readonly from?: string
  readonly file?: string
  readonly rate?: string
  readonly patience?: string
  readonly rejects?: string
  readonly environment?: string
  readonly 'secret-file'?: string
}

/** The target of the import. Checked before anything is fetched, because a fetch may take hours. */
async function destination(args: PullArgs) {
  const gateway = remote(args)
  return { gateway, app: await gateway.appId(args.app) }
}

async function fetchAll(
  source: Source,
  { polite, spool, output }: { readonly polite: Polite; readonly spool: Spool; readonly output: Output },
): Promise<void> {
  const shown = showProgress(output, 'Fetched', (rows) => `${rows} rows`)
  const before = spool.pulled.rows
  let total: number | null = null
  while (!spool.pulled.done) {
    spool.begin()
    const step = await source.next(spool.pulled.cursor, { polite, spool })
    spool.commit(step)
    total = step.total ?? total
    shown.at(spool.pulled.rows - before, total === null ? null : Math.max(0, total - before))
  }
  shown.end(`Fetched ${spool.pulled.rows} rows.`)
}

function queryOf(source: Source, args: PullArgs, startedAt: string): URLSearchParams {
  const query = new URLSearchParams({ format: source.format, exportedAt: startedAt, ...source.query })
  if (args.environment !== undefined) query.set('environment', args.environment)
  if (args['dry-run']) query.set('dryRun', 'true')
  return query
}

function whereOf(from: string | null): string {
  if (from === null) throw usage('Give the URL of the server with --from.')
  const { protocol, hostname, username } = addressOf(from)
  if (username !== '') throw usage('--from must not contain a user or a password.')
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && local))
    throw usage(`${from} is not encrypted: the secret and all tokens could be read in transit.`)
  return from.replace(/\/+$/, '')
}

function addressOf(from: string): URL {
  try {
    return new URL(from)
  } catch {
    throw usage(`${from} is not a URL.`)
  }
}

async function secretOf(
  output: Output,
  args: PullArgs,
  [variable, what]: readonly [string, string],
): Promise<string> {
  const file = args['secret-file']
  if (file === undefined) return secret(output, variable, what)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Fault(EXIT.usage, error instanceof Error ? error.message : String(error))
  }
}

function positive(given: string | undefined, option: string, otherwise: number): number {
  if (given === undefined) return otherwise
  const number = Number(given)
  if (!(number > 0 && number <= 1000)) throw usage(`${option} must be a number above 0 and at most 1000.`)
  return number
}
