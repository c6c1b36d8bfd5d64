import { createReadStream, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { components } from '../client/client.ts'
import { EXIT, type Exit, Fault, usage } from './faults.ts'
import { answered, type Remote } from './gateway.ts'
import { linesOf } from './lines.ts'
import type { Output } from './output.ts'
import { bytes, showProgress } from './progress.ts'
import { cutOut } from './rejects.ts'

type Import = components['schemas']['Import']
type ImportError = components['schemas']['ImportError']

const EVERY = 300
/** Most rejected rows that are printed. */
const SHOWN = 10

/** A file and its import into an app. */
export interface Upload {
  readonly gateway: Remote
  readonly output: Output
  readonly app: string
  /** `-` is standard input. */
  readonly file: string
  /** Parameters of the import, as the admin API has them. */
  readonly query: URLSearchParams
}

interface Importing extends Upload {
  /** The file for rejected rows. */
  readonly rejects?: string | undefined
  readonly encoding?: string | undefined
  readonly delimiter?: string | undefined
}

/** The result of an import, as a document and as text. */
export interface Imported {
  readonly document: Import & { readonly rejects?: string; readonly cut?: number }
  readonly text: string
}

/** Imports a file and waits for the end; reports every row that was rejected. */
export async function imported(importing: Importing): Promise<Imported> {
  const { gateway, output, app, file, query, rejects, encoding, delimiter } = importing
  const id = await uploaded(importing)
  const done = await followed(gateway, output, app, id)
  const wrong = await errorsOf(gateway, { app, id }, output)
  if (rejects === undefined) return { document: done, text: told(done, '') }
  const cut = await cutOut({
    ...{ file, to: rejects, wrong, encoding, delimiter },
    format: query.get('format') ?? '',
    header: query.get('header') !== 'false',
  })
  return {
    document: { ...done, rejects, cut },
    text: told(done, ` ${cut} of them were written to ${rejects}.`),
  }
}

/** The exit code after an import. Throws if the import failed. */
export function endOf({ document: { state, error, outcomes } }: Imported): Exit {
  if (state === 'failed') throw new Fault(EXIT.refused, `The import failed: ${error?.message}`)
  return outcomes.rejected > 0 ? EXIT.attention : EXIT.done
}

/** Uploads a file; returns the id of its import. */
export async function uploaded({ gateway, output, app, file, query }: Upload): Promise<string> {
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

/** The rejected rows: the first ones are printed, followed by the number of the others. */
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
    `${dryRun ? 'Would be: ' : ''}${counts(outcomes) || 'no rows'}.${more}`,
    ...(counts(reasons) ? [`Not imported: ${counts(reasons)}.`] : []),
    ...(counts(warnings) ? [`Imported with warnings: ${counts(warnings)}.`] : []),
  ]
  return parts.join('\n')
}
