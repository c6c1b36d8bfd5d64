import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { EVENT_KINDS } from '../domain/event.ts'
import { repaired } from '../domain/text.ts'
import { type JudgedEvent, UNDO_OUTCOMES, type Undo, type UndoConflict } from '../domain/undo.ts'
import { check, invalidAt } from '../wire/check.ts'
import { masked } from '../wire/refused.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { appId, body, by, next } from './request.ts'
import { CURSORS, DryRunQuery, flag, pageQuery } from './schema.ts'

const at = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((time) => time.getTime() >= 0, 'must not be before 1970')
const UndoRequest = z.strictObject({
  cause: z.string().min(1).max(200).optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  from: at.optional(),
  until: at.optional(),
  dryRun: z.boolean().default(false),
  force: z.boolean().default(false),
})
const EventQuery = DryRunQuery.extend({ force: flag.default(false) })
const EventId = /^[0-9]{1,15}$/
const UndoQuery = pageQuery(CURSORS.undos)
const START = new Date(0)

/** Routes for undoing mistaken changes. */
export const undoRoutes = () =>
  new Hono<AppEnv>()
    .post('/apps/:app/imports/:import/undo', check('query', DryRunQuery), async (c) => {
      const { dryRun } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const of = await c.var.gateway.imports.find(app.id, c.req.param('import'))
      if (!of) throw new GatewayError('not_found', 'The app has no import with this id.')
      if (of.dryRun) throw new GatewayError('conflict', 'A dry run changed nothing.')
      if (of.finishedAt === null)
        throw new GatewayError('conflict', 'The import is still running: cancel it first.')
      const { undos } = c.var.gateway
      const request = {
        about: `import ${of.id}`,
        kind: null,
        from: of.createdAt,
        until: c.var.now(),
        dryRun,
        forced: false,
      }
      const undo = await undos.run({ appId: app.id, ...request }, by(c))
      return c.json(presentUndo(undo ?? undoneBefore()), undo?.finishedAt ? 200 : 202)
    })

    .get('/apps/:app/undos', check('query', UndoQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.undos.list(app.id, { after: cursor ?? null, limit })
      return c.json({ undos: page.items.map(presentUndo), ...next(page, CURSORS.undos) })
    })

    .post('/apps/:app/undos', body(UndoRequest), async (c) => {
      const { cause, kind = null, from, until, dryRun, force: forced } = c.req.valid('json')
      const app = await c.var.gateway.directory.app(appId(c))
      if (cause === undefined && from === undefined) throw invalidAt('from', 'is required without a cause')
      const span = { from: from ?? START, until: until ?? c.var.now() }
      if (span.from > span.until) throw invalidAt('until', 'is before from')
      const { undos } = c.var.gateway
      const undo = await undos.run(
        { appId: app.id, about: cause ?? '', kind, ...span, dryRun, forced },
        by(c),
      )
      return c.json(presentUndo(undo ?? undoneBefore()), undo?.finishedAt ? 200 : 202)
    })

    .get('/apps/:app/undos/:undo', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const undo = await c.var.gateway.undos.find(app.id, c.req.param('undo'))
      if (!undo) throw new GatewayError('not_found', 'The app has no undo with this id.')
      return c.json(presentUndo(undo))
    })

    .post('/apps/:app/events/:event/undo', check('query', EventQuery), async (c) => {
      const { dryRun, force } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const id = c.req.param('event')
      const { undos } = c.var.gateway
      const judged = EventId.test(id)
        ? await (dryRun
            ? undos.judge(app.id, Number(id), force)
            : undos.takeBack(app.id, Number(id), force, by(c)))
        : null
      if (!judged) throw new GatewayError('not_found', 'The app has no event with this id.')
      const { conflicts, events } = presentJudged(judged)
      if (!dryRun && events === 0) {
        const why = judged.verdict?.replaceAll('_', ' ') ?? 'it has already been undone'
        throw new GatewayError('conflict', `The event was not undone: ${why}.`)
      }
      return c.json({ dryRun, events, conflicts })
    })

function undoneBefore(): never {
  throw new GatewayError(
    'conflict',
    'It has already been undone, or an undo is running: see the list of undos.',
  )
}

const isOutcome = (name: string): boolean => UNDO_OUTCOMES.some((one) => one === name)

const presentJudged = ({ deviceId, verdict, conflicts }: JudgedEvent) => ({
  events: verdict !== null && isOutcome(verdict) ? 1 : 0,
  conflicts: conflicts.map(({ path, reason, now, would }) => {
    const values = { now: shown(path, now), would: shown(path, would) }
    return { device: deviceId, path, reason, ...values }
  }),
})

const MOST_SHOWN = 200
/** A value of a conflict: tokens are masked, long values are cut. */
function shown(path: UndoConflict['path'], value: unknown): unknown {
  if (path === 'pushToken') return typeof value === 'string' ? masked(value) : null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MOST_SHOWN ? repaired(`${text.slice(0, MOST_SHOWN)}…`) : value
}

function presentUndo({ counts, about, kind, finishedAt, ...of }: Undo): Answer<typeof A.Undo> {
  const reasons = Object.fromEntries(Object.entries(counts).filter(([name]) => !isOutcome(name)))
  return {
    id: of.id,
    dryRun: of.dryRun,
    state: finishedAt ? 'completed' : 'running',
    cause: about === '' ? null : about,
    kind,
    from: of.from.toISOString(),
    until: of.until.toISOString(),
    actor: of.actor,
    createdAt: of.createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    removed: counts.removed ?? 0,
    restored: counts.restored ?? 0,
    undone: (counts.undone ?? 0) + (counts.revived ?? 0),
    kept: Object.values(reasons).reduce((sum, count) => sum + count, 0),
    reasons,
  }
}
