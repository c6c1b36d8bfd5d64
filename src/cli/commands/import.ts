import { createReadStream, existsSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { ArgsDef } from 'citty'
import type { components } from '../../client/client.ts'
import { APP, command, DRY_RUN, REMOTE } from '../command.ts'
import { documentIn } from '../document.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { answered, type Remote, remote } from '../gateway.ts'
import { linesOf } from '../lines.ts'
import { createOutput, type Output } from '../output.ts'
import { bytes, showProgress } from '../progress.ts'
import { cutOut } from '../rejects.ts'

type Import = components['schemas']['Import']
type ImportError = components['schemas']['ImportError']

const EVERY = 300
/** Rows that are shown of those that were not taken. */
const SHOWN = 10

/** Parameters of the upload, as the gateway has them. */
const UPLOAD = {
  dialect: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The dialect of its devices, where the format does not say it.',
  },
  environment: {
    type: 'string',
    valueHint: 'production|sandbox',
    description: 'Which APNs its tokens are for.',
  },
  'exported-at': {
    type: 'string',
    valueHint: 'TIME',
    description: 'When the file was true: else it is older than whatever phones said.',
  },
  mapping: {
    type: 'string',
    valueHint: 'FILE',
    description: 'For csv: a JSON file that says which column is which member.',
  },
  delimiter: {
    type: 'string',
    valueHint: 'CHARACTER',
    description: 'What parts the cells of a table; `tab` for one.',
  },
  encoding: {
    type: 'string',
    valueHint: 'NAME',
    description: 'How the file is written, such as windows-1252.',
  },
  platform: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The platform of all rows, where the file does not say it.',
  },
  'source-app': { type: 'string', valueHint: 'ID', description: 'Only rows of this app of the vendor’s.' },
  header: {
    type: 'string',
    valueHint: 'false',
    description: '`false`: a csv that begins with its first row.',
  },
} as const satisfies ArgsDef

type Given = Readonly<Partial<Record<keyof typeof UPLOAD | 'format', string | undefined>>> & {
  readonly 'dry-run'?: boolean | undefined
}

export const importing = command({
  name: 'import',
  is: 'Imports a file of devices, and tells row by row what was not taken.',
  args: {
    ...REMOTE,
    ...APP,
    file: {
      type: 'positional',
      required: true,
      description: 'The file; `-` is standard input. One that ends in .gz is sent as it is.',
    },
    format: {
      type: 'string',
      required: true,
      valueHint: 'NAME',
      description: 'What the file is, such as ndjson or csv: see docs/import.md.',
    },
    ...UPLOAD,
    ...DRY_RUN,
    rejects: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'Where the rows go that were rejected, as they stood, to be mended and imported again; FILE.errors.ndjson says why.',
    },
    detach: { type: 'boolean', description: 'Does not wait for the end.' },
  },
  examples: [
    'pushport import shop devices.csv --format csv --dialect DIALECT --dry-run',
    'pushport import shop devices.ndjson --format ndjson --rejects left.ndjson',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { file, rejects } = args
    if (rejects !== undefined && existsSync(rejects)) throw usage(`${rejects} is there already.`)
    if (rejects !== undefined && (file === '-' || file.endsWith('.gz')))
      throw usage('--rejects needs a plain file, of which rows can be cut out.')
    const gateway = remote(args)
    const app = await gateway.appId(args.app)
    const id = await uploaded(gateway, output, { app, file, query: queryOf(args) })
    if (args.detach) return output.say({ id }, `The import has the id ${id}.`)
    const done = await followed(gateway, output, app, id)
    const wrong = await errorsOf(gateway, { app, id }, output)
    const cut =
      rejects === undefined
        ? null
        : await cutOut({
            file,
            format: args.format,
            to: rejects,
            wrong,
            encoding: args.encoding,
            delimiter: args.delimiter,
            header: args.header !== 'false',
          })
    output.say(cut === null ? done : { ...done, rejects, cut }, () =>
      told(done, cut === null ? '' : ` ${cut} of them are in ${rejects}.`),
    )
    if (done.state === 'failed') throw new Fault(EXIT.refused, `The import failed: ${done.error?.message}`)
    return done.outcomes.rejected > 0 ? EXIT.attention : EXIT.done
  },
})

function queryOf(args: Given): URLSearchParams {
  const query = new URLSearchParams()
  const names = { 'exported-at': 'exportedAt', 'source-app': 'sourceApp' } as Readonly<Record<string, string>>
  for (const name of ['format', ...Object.keys(UPLOAD)] as readonly (keyof Given)[]) {
    const value = args[name]
    if (typeof value !== 'string') continue
    query.set(names[name] ?? name, name === 'mapping' ? JSON.stringify(documentIn(value)) : value)
  }
  if (args['dry-run']) query.set('dryRun', 'true')
  return query
}

interface Upload {
  readonly app: string
  readonly file: string
  readonly query: URLSearchParams
}

async function uploaded(gateway: Remote, output: Output, { app, file, query }: Upload): Promise<string> {
  const shown = showProgress(output, 'Sent', bytes)
  let sent = 0
  const source =
    file === '-' ? process.stdin : createReadStream(file, { fd: opened(file), highWaterMark: 262_144 })
  source.on('data', (chunk: Buffer | string) => {
    sent += chunk.length
    shown.at(sent, null)
  })
  const headers = {
    'Content-Type': 'application/octet-stream',
    ...(file.endsWith('.gz') && { 'Content-Encoding': 'gzip' }),
  }
  const body = Readable.toWeb(source) as unknown as ReadableStream<Uint8Array>
  const answer = await gateway.raw('POST', `/apps/${app}/imports?${query}`, { headers, body })
  shown.end(`Sent ${bytes(sent)}.`)
  return ((await answer.json()) as { readonly id: string }).id
}

function opened(file: string): number {
  try {
    return openSync(file, 'r')
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error))
  }
}

/** Waits for the end of an import. */
async function followed({ client }: Remote, output: Output, app: string, id: string): Promise<Import> {
  const shown = showProgress(output, 'Imported', (rows) => `${rows} rows`)
  for (;;) {
    const now = answered(
      await client.GET('/apps/{app}/imports/{import}', { params: { path: { app, import: id } } }),
    )
    if (now.state !== 'queued' && now.state !== 'running') {
      shown.end(`Read ${now.rows.done} rows.`)
      return now
    }
    shown.at(now.rows.done, now.rows.total)
    await new Promise((resume) => setTimeout(resume, EVERY))
  }
}

/** The rejected rows; the first of them are shown, with those that were left out. */
async function errorsOf(
  gateway: Remote,
  { app, id }: { readonly app: string; readonly id: string },
  output: Output,
): Promise<ReadonlyMap<number, ImportError>> {
  const answer = await gateway.raw('GET', `/apps/${app}/imports/${id}/errors`)
  const rejected = new Map<number, ImportError>()
  let seen = 0
  for await (const line of linesOf(answer)) {
    const error = JSON.parse(line) as ImportError
    if (error.outcome === 'rejected') rejected.set(error.row, error)
    if (seen++ < SHOWN)
      output.note(
        `row ${error.row}${error.line === undefined ? '' : `, line ${error.line}`}: ${error.outcome}: ${error.message}`,
      )
  }
  if (seen > SHOWN) output.note(`and ${seen - SHOWN} more rows.`)
  return rejected
}

function told({ dryRun, outcomes, reasons, warnings }: Import, more: string): string {
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')
  const parts = [
    `${dryRun ? 'It would be: ' : ''}${counts(outcomes) || 'no rows'}.${more}`,
    ...(counts(reasons) ? [`Not taken: ${counts(reasons)}.`] : []),
    ...(counts(warnings) ? [`Taken in spite of: ${counts(warnings)}.`] : []),
  ]
  return parts.join('\n')
}
