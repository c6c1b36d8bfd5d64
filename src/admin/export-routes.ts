import { Hono } from 'hono'
import * as z from 'zod'
import type { Adapter, AppEnv } from '../adapter.ts'
import { PLATFORMS } from '../domain/device.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import type { ExportedDevice } from '../store/store.ts'
import { allForms } from '../transfer/export/index.ts'
import type { Form, Writer } from '../transfer/form.ts'
import type { Neighbours } from '../transfer/format.ts'
import { check, invalidAt } from '../wire/check.ts'
import { presentDevice } from './present.ts'
import { appId, by } from './request.ts'
import { flag } from './schema.ts'

const given = z.string().min(1).max(1000)

const exportQuery = (forms: readonly string[], dialects: readonly string[]) =>
  z.strictObject({
    format: z.enum(forms as [string, ...string[]], `must be one of ${forms.join(', ')}`).optional(),
    dialect: z.enum(dialects as [string, ...string[]], `must be one of ${dialects.join(', ')}`).optional(),
    platform: z.enum(PLATFORMS).optional(),
    provider: z.enum(PROVIDERS).optional(),
    active: flag.optional(),
    excel: z.enum(['safe']).optional(),
    cursor: given.optional(),
    androidAppId: given.optional(),
    iosAppId: given.optional(),
    webAppId: given.optional(),
  })
type Query = z.infer<ReturnType<typeof exportQuery>>

/** Routes for exports of all devices of an app. */
export function exportRoutes(adapters: readonly Adapter[], neighbours: Neighbours) {
  const forms = allForms(neighbours.forms)
  const names = adapters.map(({ name }) => name)

  return new Hono<AppEnv>().get(
    '/apps/:app/export',
    check('query', exportQuery([...forms.keys()], names)),
    async (c) => {
      const query = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const form = forms.get(query.format ?? '')
      if (!form) throw invalidAt('format', 'is required')
      requireFitting(query, form)
      if (form.needs) {
        const { byPlatform } = await c.var.gateway.directory.stats(app.id)
        const there = Object.keys(byPlatform).filter((one) => one === (query.platform ?? one))
        const missing = form.needs(new Set(there)).find((name) => query[name] === undefined)
        if (missing) throw invalidAt(missing, 'is required because the app has such devices')
      }
      const { dialect, platform, provider, active, cursor } = query
      const request = { format: form.name, dialect, filter: { platform, provider, active } }
      const at = c.var.now()
      const pieces = await c.var.gateway.exports.begin(app, { ...request, after: cursor ?? null }, by(c))
      const writer = form.open({
        ...{ appId: app.id, at, resumed: cursor !== undefined, safe: query.excel === 'safe' },
        ...{ appIds: query, show: presentDevice },
      })
      c.header('Content-Type', form.media)
      const file = `${app.id}-${at.toISOString().slice(0, 10)}.${form.extension}`
      c.header('Content-Disposition', `attachment; filename="${file}"`)
      return c.body(written(pieces, writer))
    },
  )
}

function requireFitting({ provider, cursor, excel }: Query, form: Form): void {
  if (form.oneProvider && provider === undefined)
    throw invalidAt('provider', 'is required with this format, which holds the tokens of one push service')
  if (cursor !== undefined && !form.resumes) throw invalidAt('cursor', 'is only for ndjson')
  if (excel !== undefined && !form.table) throw invalidAt('excel', 'is only for tables')
}

/** Writes the parts as fast as the reader takes them; ends if the reader disconnects. */
function written(
  pieces: AsyncGenerator<readonly ExportedDevice[], void>,
  writer: Writer,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let head = writer.head
  return new ReadableStream(
    {
      async pull(controller) {
        for (let text = head; ; ) {
          const { value, done } = await pieces.next()
          text += done ? writer.tail() : writer.devices(value)
          head = ''
          if (text !== '') controller.enqueue(encoder.encode(text))
          if (done) controller.close()
          if (text !== '' || done) return
        }
      },
      async cancel() {
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}
