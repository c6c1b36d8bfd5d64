import type { operations } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { usage } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Query = NonNullable<operations['listDevices']['parameters']['query']>

const filter = (description: string) => ({ type: 'string', valueHint: 'TEXT', description }) as const
const FILTERS = {
  q: filter('A search text: an id, a user or a push token.'),
  dialect: filter('Only devices of this dialect.'),
  platform: filter('Only devices of this platform.'),
  provider: filter('Only devices with a token of this push service.'),
  topic: filter('Only devices with this topic.'),
  user: filter('Only devices of this user.'),
  token: filter('Only devices with this push token.'),
  'external-id': filter('Only the devices with this id in their dialect.'),
  tag: filter('Only devices with this tag: NAME or NAME=VALUE.'),
  model: filter('Only devices of this model.'),
  'app-version': filter('Only devices with this version of the app.'),
} as const

const list = command({
  name: 'list',
  is: 'Lists the devices of an app, newest first.',
  args: {
    ...REMOTE,
    ...APP,
    ...FILTERS,
    active: {
      type: 'boolean',
      description: 'Only reachable devices; --no-active: only the others.',
    },
    limit: {
      type: 'string',
      valueHint: 'N',
      default: '50',
      description: 'The maximum number of devices; 0 for all.',
    },
  },
  examples: ['pushport device list shop --user alice', 'pushport device list shop --q 4E67… --json'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    if (!/^[0-9]+$/.test(args.limit)) throw usage('--limit must be a whole number.')
    const { 'external-id': externalId, 'app-version': appVersion } = args
    const names = ['q', 'dialect', 'platform', 'provider', 'topic', 'user', 'token', 'tag', 'model'] as const
    const given = Object.fromEntries(names.flatMap((name) => (args[name] ? [[name, args[name]]] : [])))
    const chosen = {
      ...given,
      ...(externalId && { externalId }),
      ...(appVersion && { appVersion }),
      ...(args.active !== undefined && { active: args.active }),
    } as Query
    let left = Number(args.limit) || Number.POSITIVE_INFINITY
    let cursor: string | undefined
    do {
      const query = { ...chosen, limit: Math.min(100, left), ...(cursor && { cursor }) }
      const page = answered(await gateway.client.GET('/apps/{app}/devices', { params: { path, query } }))
      output.rows(page.devices, ['id', 'dialect', 'externalId', 'platform', 'userId', 'active', 'lastSeenAt'])
      left -= page.devices.length
      cursor = page.nextCursor
    } while (cursor !== undefined && left > 0)
    if (cursor !== undefined) output.note(`There are more; --limit 0 lists all.`)
  },
})

const DEVICE = {
  device: { type: 'positional', required: true, description: 'The id of the device in the gateway.' },
} as const

const show = command({
  name: 'show',
  is: 'Shows a device with its history.',
  args: { ...REMOTE, ...APP, ...DEVICE },
  examples: ['pushport device show shop 0198…'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), device: args.device }
    const device = answered(await gateway.client.GET('/apps/{app}/devices/{device}', { params: { path } }))
    const { events } = answered(
      await gateway.client.GET('/apps/{app}/devices/{device}/events', { params: { path } }),
    )
    if (output.json) return output.say({ ...device, events }, '')
    output.say(device, () => sheet(device))
    output.note('')
    output.rows(events, ['id', 'at', 'kind', 'cause', 'detail'])
  },
})

const remove = command({
  name: 'delete',
  is: 'Deletes a device. If its SDK registers again, a new device is created.',
  args: { ...REMOTE, ...APP, ...DEVICE, ...DRY_RUN, ...YES },
  examples: ['pushport device delete shop 0198… --dry-run'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), device: args.device }
    const call = (dryRun: boolean) =>
      gateway.client.DELETE('/apps/{app}/devices/{device}', { params: { path, query: { dryRun } } })
    const would = answered(await call(true))
    if (args['dry-run']) return output.say(would, () => sheet({ ...would?.would }))
    if (!(await confirmed(output, args.yes, `Delete the device ${args.device}?`))) return
    answered(await call(false))
    output.say({ deleted: args.device }, `Deleted ${args.device}.`)
  },
})

const shown = (value: unknown): string => (value == null ? 'none' : JSON.stringify(value))

const undo = command({
  name: 'undo',
  is: 'Undoes an event of a device, unless the device has changed since.',
  args: {
    ...REMOTE,
    ...APP,
    event: { type: 'positional', required: true, description: 'The id of the event, from `device show`.' },
    force: { type: 'boolean', description: 'Undoes a token takeover even if the phone has called since.' },
    ...DRY_RUN,
    ...YES,
  },
  examples: ['pushport device undo shop 4711 --dry-run'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), event: args.event }
    const call = (dryRun: boolean) => {
      const params = { path, query: { dryRun, force: args.force === true } }
      return gateway.client.POST('/apps/{app}/events/{event}/undo', { params })
    }
    const would = answered(await call(true))
    const stays = would.conflicts.map(
      ({ path, reason, now, would: former }) =>
        `${path}: ${reason.replaceAll('_', ' ')} (now ${shown(now)}, would be ${shown(former)})`,
    )
    if (args['dry-run']) {
      const told = would.events > 0 ? ['The event would be undone.', ...stays] : stays
      return output.say(would, told.join('\n') || 'Nothing.')
    }
    if (stays.length > 0) output.note(stays.join('\n'))
    if (!(await confirmed(output, args.yes, `Undo event ${args.event}?`))) return
    output.say(answered(await call(false)), `Undid event ${args.event}.`)
  },
})

export const device = group('device', 'Lists, shows and deletes devices, and undoes their events.', {
  list,
  show,
  delete: remove,
  undo,
})
