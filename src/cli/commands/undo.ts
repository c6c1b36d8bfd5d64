import type { components } from '../../client/client.ts'
import { APP, command, DRY_RUN, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { usage } from '../faults.ts'
import { answered, type Remote, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Shown = components['schemas']['Undo']

const figures = ({ removed, restored, undone, kept, reasons }: Shown) =>
  sheet({
    ...{ 'devices removed': removed, 'devices restored': restored, 'events undone': undone, kept },
    ...Object.fromEntries(
      Object.entries(reasons).map(([name, count]) => [`  ${name.replaceAll('_', ' ')}`, count]),
    ),
  })

/** Polls until the undo has ended. */
async function ended({ client }: Remote, app: string, undo: Shown): Promise<Shown> {
  let now = undo
  while (now.state === 'running') {
    await new Promise((resume) => setTimeout(resume, 1000))
    const path = { app, undo: undo.id }
    now = answered(await client.GET('/apps/{app}/undos/{undo}', { params: { path } }))
  }
  return now
}

export const undo = command({
  name: 'undo',
  is: 'Undoes an import, or all events of a period, except where data has changed since.',
  args: {
    ...REMOTE,
    ...APP,
    import: { type: 'string', valueHint: 'ID', description: 'Undoes this import.' },
    from: { type: 'string', valueHint: 'TIME', description: 'Undoes events at or after this time.' },
    to: { type: 'string', valueHint: 'TIME', description: 'Undoes events up to this time; now by default.' },
    kind: {
      type: 'string',
      valueHint: 'KIND',
      description: 'Undoes only events of this kind; needs --from.',
    },
    ...DRY_RUN,
    ...YES,
  },
  examples: [
    'pushport undo shop --import 0198… --dry-run',
    'pushport undo shop --from 2026-11-29T10:00:00Z --to 2026-11-29T11:00:00Z',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { import: of, from, to, kind } = args
    if ((of === undefined) === (from === undefined)) throw usage('Give either --import or --from.')
    if (of !== undefined && to !== undefined) throw usage('--to needs --from.')
    if (of !== undefined && kind !== undefined) throw usage('--kind needs --from.')
    const gateway = remote(args)
    const app = await gateway.appId(args.app)
    const call = async (dryRun: boolean) => {
      if (of !== undefined) {
        const params = { path: { app, import: of }, query: { dryRun } }
        return ended(
          gateway,
          app,
          answered(await gateway.client.POST('/apps/{app}/imports/{import}/undo', { params })),
        )
      }
      const body = {
        from: from ?? '',
        ...(to && { until: to }),
        ...(kind && { kind: kind as NonNullable<Shown['kind']> }),
        dryRun,
      }
      return ended(
        gateway,
        app,
        answered(await gateway.client.POST('/apps/{app}/undos', { params: { path: { app } }, body })),
      )
    }
    const would = await call(true)
    if (args['dry-run']) return output.say(would, () => figures(would))
    output.note(figures(would))
    if (!(await confirmed(output, args.yes, 'Undo this?'))) return
    const done = await call(false)
    output.say(done, () => figures(done))
  },
})
