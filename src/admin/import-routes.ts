import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Adapter, AppEnv } from '../adapter.ts'
import { PLATFORMS } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import type { Format, Neighbours } from '../transfer/format.ts'
import { allFormats, dialectOf } from '../transfer/formats/index.ts'
import { mappingFault } from '../transfer/formats/table.ts'
import { ENCODINGS, type Encoding, inUtf8 } from '../transfer/text/encoding.ts'
import { check, invalidAt } from '../wire/check.ts'
import { presentError, presentImport } from './present-imports.ts'
import { appId, by, next } from './request.ts'
import { CURSORS, flag, ImportListQuery } from './schema.ts'
import { uploaded } from './upload.ts'

const MINUTES = 300_000

const DELIMITERS = { ',': ',', ';': ';', '\t': '\t', tab: '\t', '|': '|' } as const

const importQuery = (formats: readonly string[], dialects: readonly string[]) =>
  z.strictObject({
    format: z.enum(formats as [string, ...string[]], `must be one of ${formats.join(', ')}`).optional(),
    dialect: z.enum(dialects as [string, ...string[]], `must be one of ${dialects.join(', ')}`).optional(),
    dryRun: flag.default(false),
    environment: z.enum(['production', 'sandbox', 'unknown']).default('unknown'),
    exportedAt: z.iso
      .datetime({ offset: true })
      .or(z.iso.date())
      .transform((text) => new Date(text))
      .optional(),
    mapping: z.string().max(100_000).optional(),
    delimiter: z.enum([',', ';', '\t', 'tab', '|']).optional(),
    encoding: z.enum(ENCODINGS).default('auto'),
    platform: z.enum(PLATFORMS).optional(),
    sourceApp: z.string().min(1).max(1000).optional(),
    header: flag.optional(),
  })
type Query = z.infer<ReturnType<typeof importQuery>>

const ErrorQuery = z.strictObject({ warnings: flag.default(false), raw: flag.default(false) })

/** Routes for imports of files. */
export function importRoutes(adapters: readonly Adapter[], neighbours: Neighbours) {
  const formats = allFormats(adapters, neighbours.formats)
  const names = adapters.map(({ name }) => name)
  const ImportQuery = importQuery([...formats.keys()], names)

  return new Hono<AppEnv>()
    .post('/apps/:app/imports', check('query', ImportQuery), async (c) => {
      const query = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const format = formats.get(query.format ?? '')
      if (!format) throw invalidAt('format', 'is required')
      const dialect = query.dialect ?? dialectOf(adapters, format) ?? ''
      requireFitting(
        query,
        format,
        dialect,
        app.dialects.map((one) => one.dialect),
        c.var.now(),
      )
      const key = keyOf(c)
      const id = await c.var.gateway.imports.create(
        {
          ...{ appId: app.id, dialect, format: format.name, dryRun: query.dryRun, key },
          options: optionsOf(query),
          exportedAt: query.exportedAt ?? null,
          file: inUtf8(uploaded(c), query.encoding as Encoding),
        },
        by(c),
      )
      const found = await c.var.gateway.imports.find(app.id, id)
      c.header('Location', `${c.var.outside.base}/admin/v1/apps/${app.id}/imports/${id}`)
      return c.json({ id, state: found?.state ?? 'queued' }, 202)
    })

    .get('/apps/:app/imports', check('query', ImportListQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.imports.list(app.id, { after: cursor ?? null, limit })
      return c.json({ imports: page.items.map(presentImport), ...next(page, CURSORS.imports) })
    })

    .get('/apps/:app/imports/:import', async (c) => c.json(presentImport((await found(c)).of)))

    .get('/apps/:app/imports/:import/errors', check('query', ErrorQuery), async (c) => {
      const { warnings, raw } = c.req.valid('query')
      const { app, of } = await found(c)
      const pages = c.var.gateway.imports.errors(app, of.id, warnings)
      c.header('Content-Type', 'application/x-ndjson')
      return c.body(lines(pages, (error) => presentError(error, raw)))
    })

    .delete('/apps/:app/imports/:import', async (c) => {
      const { app, of } = await found(c)
      if (!(await c.var.gateway.imports.remove(app, of.id, by(c)))) unknownImport()
      return c.body(null, 204)
    })
}

function unknownImport(): never {
  throw new GatewayError('not_found', 'The app has no import with this id.')
}

async function found(c: Context<AppEnv>) {
  const app = await c.var.gateway.directory.app(appId(c))
  const of = await c.var.gateway.imports.find(app.id, c.req.param('import') ?? '')
  return { app: app.id, of: of ?? unknownImport() }
}

function requireFitting(
  query: Query,
  format: Format,
  dialect: string,
  spoken: readonly string[],
  now: Date,
): void {
  const { mapping, platform, exportedAt } = query
  if (dialect === '' && format.name !== 'ndjson') throw invalidAt('dialect', 'is required with this format')
  if (dialect !== '' && !spoken.includes(dialect)) throw invalidAt('dialect', 'the app does not speak it')
  if (format.requires === 'platform' && platform === undefined)
    throw invalidAt('platform', 'is required with this format')
  if (exportedAt && exportedAt.getTime() > now.getTime() + MINUTES)
    throw invalidAt('exportedAt', 'is in the future')
  if (mapping === undefined) return
  if (format.name !== 'csv') throw invalidAt('mapping', 'is only for csv')
  const fault = mappingFault(parsedMapping(mapping))
  if (fault !== null) throw invalidAt('mapping', fault)
}

function parsedMapping(text: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { ...document }
  } catch {
    // Not JSON.
  }
  throw invalidAt('mapping', 'must be a JSON object')
}

const optionsOf = ({ environment, mapping, delimiter, platform, sourceApp, header }: Query) => ({
  environment,
  ...(mapping !== undefined && { mapping: parsedMapping(mapping) }),
  ...(delimiter !== undefined && { delimiter: DELIMITERS[delimiter] }),
  ...(platform !== undefined && { platform }),
  ...(sourceApp !== undefined && { sourceApp }),
  ...(header !== undefined && { header }),
})

const MOST_KEY = 255
function keyOf(c: Context<AppEnv>): string | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return undefined
  if (key.length === 0 || key.length > MOST_KEY)
    throw invalidAt('Idempotency-Key', `must have 1 to ${MOST_KEY} characters`)
  return key
}

/** JSON lines, one page at a time as the reader takes them. */
function lines<Item>(
  pages: AsyncGenerator<readonly Item[]>,
  shown: (item: Item) => unknown,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pages.next()
      if (done) return controller.close()
      controller.enqueue(encoder.encode(value.map((item) => `${JSON.stringify(shown(item))}\n`).join('')))
    },
    async cancel() {
      await pages.return(undefined)
    },
  })
}
