import type { paths } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { documentIn, parts } from '../document.ts'
import { usage } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Draft = paths['/apps']['post']['requestBody']['content']['application/json']

const create = command({
  name: 'create',
  is: 'Creates an app. Omitted secrets are generated and shown only once.',
  args: {
    ...REMOTE,
    name: { type: 'positional', required: false, description: 'The name for operators.' },
    dialects: {
      type: 'string',
      valueHint: 'A,B',
      description: 'Its dialects, with generated identifiers and keys.',
    },
    file: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'A JSON file with the app, including the identifiers and keys that its builds contain; - reads it from standard input.',
    },
    ...DRY_RUN,
  },
  examples: ['pushport app create shop --dialects DIALECT,DIALECT', 'pushport app create --file app.json'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    if (!args.file && !args.name) throw usage('Give a name for the app, or --file.')
    const document = args.file ? documentIn(args.file) : {}
    const dialects = Object.fromEntries((parts(args.dialects) ?? []).map((name) => [name, {}]))
    const body = {
      ...document,
      ...(args.name && { name: args.name }),
      ...(args.dialects && { dialects: { ...dialects, ...(document.dialects as object | undefined) } }),
    } as Draft
    const { client } = remote(args)
    if (args['dry-run']) {
      answered(await client.GET('/apps', { params: { query: { limit: 1 } } }))
      const would = { apps: 1, name: body.name, dialects: Object.keys(body.dialects ?? {}) }
      return output.say({ would }, () => sheet(would))
    }
    const app = answered(await client.POST('/apps', { body }))
    output.say(app, () => JSON.stringify(app, null, 2))
  },
})

const list = command({
  name: 'list',
  is: 'Lists the apps, newest first.',
  args: REMOTE,
  examples: ['pushport app list', 'pushport app list --json | jq -r .id'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { client } = remote(args)
    let cursor: string | undefined
    do {
      const query = { limit: 100, ...(cursor && { cursor }) }
      const page = answered(await client.GET('/apps', { params: { query } }))
      const rows = page.apps.map((app) =>
        output.json ? app : { ...app, dialects: Object.keys(app.dialects) },
      )
      output.rows(rows, ['id', 'name', 'dialects', 'createdAt'])
      cursor = page.nextCursor
    } while (cursor !== undefined)
  },
})

const show = command({
  name: 'show',
  is: 'Shows an app, with its totals.',
  args: { ...REMOTE, ...APP },
  examples: ['pushport app show shop'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const app = answered(await gateway.client.GET('/apps/{app}', { params: { path } }))
    const stats = answered(await gateway.client.GET('/apps/{app}/stats', { params: { path } }))
    output.say({ ...app, devices: stats.devices }, () =>
      JSON.stringify({ ...app, devices: stats.devices }, null, 2),
    )
  },
})

/** The members of `limits` and `retention`, by the options that set them. */
const BOUNDS = {
  devices: [
    'limits',
    'devices',
    'The maximum number of active devices in the app; new ones beyond it are refused.',
  ],
  'devices-per-user': ['limits', 'devicesPerUser', 'The maximum number of devices per user in one dialect.'],
  events: ['retention', 'events', 'Days for which the history of devices is kept, at least 7.'],
  receipts: ['retention', 'receipts', 'Days for which reports about messages are kept.'],
  messages: ['retention', 'messages', 'Days for which finished messages are kept.'],
  'inactive-devices': [
    'retention',
    'inactiveDevices',
    'Days without a call after which a device is removed, at least 30.',
  ],
} as const
type Bound = keyof typeof BOUNDS

const boundArgs = Object.fromEntries(
  Object.entries(BOUNDS).map(([name, [part, , description]]) => {
    const valueHint = part === 'limits' ? 'NUMBER' : 'DAYS'
    return [name, { type: 'string', valueHint, description: `${description} "none" removes it.` }]
  }),
) as Record<Bound, { type: 'string'; valueHint: string; description: string }>

/** The changes that the options describe. */
function boundsIn(args: Readonly<Partial<Record<Bound, string | undefined>>>) {
  const change: Record<'limits' | 'retention', Record<string, number | null>> = { limits: {}, retention: {} }
  for (const [name, [part, member]] of Object.entries(BOUNDS)) {
    const given = args[name as Bound]
    if (given === undefined) continue
    if (given !== 'none' && !/^[0-9]{1,10}$/.test(given))
      throw usage(`--${name} must be a whole number or none.`)
    change[part][member] = given === 'none' ? null : Number(given)
  }
  return change
}

const limits = command({
  name: 'limits',
  is: 'Shows or changes the limits and retention of an app.',
  args: { ...REMOTE, ...APP, ...DRY_RUN, ...boundArgs },
  examples: [
    'pushport app limits shop',
    'pushport app limits shop --devices 10000 --devices-per-user 5',
    'pushport app limits shop --events 90 --inactive-devices none',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const change = boundsIn(args)
    const gateway = remote(args)
    const params = { path: { app: await gateway.appId(args.app) } }
    const isChange = [change.limits, change.retention].some((one) => Object.keys(one).length > 0)
    if (isChange && args['dry-run'])
      return output.say({ would: change }, () => JSON.stringify(change, null, 2))
    if (isChange) answered(await gateway.client.PATCH('/apps/{app}', { params, body: change }))
    const { limits, retention } = answered(await gateway.client.GET('/apps/{app}', { params }))
    const { devices } = answered(await gateway.client.GET('/apps/{app}/stats', { params }))
    const shown = { inUse: devices.inUse, limits, retention }
    output.say(shown, () => JSON.stringify(shown, null, 2))
  },
})

const remove = command({
  name: 'delete',
  is: 'Deletes an app with all its devices.',
  args: { ...REMOTE, ...APP, ...DRY_RUN, ...YES },
  examples: ['pushport app delete shop --dry-run', 'pushport app delete shop --yes'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const would = answered(
      await gateway.client.DELETE('/apps/{app}', { params: { path, query: { dryRun: true } } }),
    )
    if (args['dry-run']) return output.say(would, () => sheet({ ...would?.would }))
    const lost = Object.entries(would?.would ?? {}).map(([what, count]) => `${count} ${what}`)
    if (!(await confirmed(output, args.yes, `Delete ${args.app} with ${lost.join(', ')}?`))) return
    answered(await gateway.client.DELETE('/apps/{app}', { params: { path } }))
    output.say({ deleted: path.app, ...would }, `Deleted ${path.app}.`)
  },
})

export const app = group('app', 'Creates, lists, shows, limits and deletes apps.', {
  create,
  list,
  show,
  limits,
  delete: remove,
})
