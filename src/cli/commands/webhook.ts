import type { paths } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { parts, textIn } from '../document.ts'
import { usage } from '../faults.ts'
import { answered, type Remote, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Draft = paths['/apps/{app}/webhooks']['post']['requestBody']['content']['application/json']

const WEBHOOK = {
  webhook: { type: 'positional', required: true, description: 'Its id or its name.' },
} as const
const AFTER = {
  type: 'string',
  valueHint: 'CURSOR',
  description: 'Start after this position of the feed: a `cursor`, `start` or `latest`.',
} as const

/** The path of a webhook, found by its id or name. */
async function placeOf(gateway: Remote, args: { readonly app: string; readonly webhook: string }) {
  const path = { app: await gateway.appId(args.app) }
  const { feed } = answered(await gateway.client.GET('/apps/{app}/webhooks', { params: { path } }))
  const found = feed.find(({ id, name }) => id === args.webhook || name === args.webhook)
  return { ...path, webhook: found?.id ?? args.webhook }
}

const add = command({
  name: 'add',
  is: 'Adds a webhook that receives the events of an app from now on, and shows its signing secret.',
  args: {
    ...REMOTE,
    ...APP,
    name: { type: 'positional', required: true, description: 'The name for operators.' },
    to: { type: 'string', required: true, valueHint: 'URL', description: 'The URL that is called.' },
    events: { type: 'string', valueHint: 'A,B', description: 'The kinds of events; all by default.' },
    after: AFTER,
    'secret-file': {
      type: 'string',
      valueHint: 'FILE',
      description: 'A file that contains the secret; - reads it from standard input.',
    },
    ...DRY_RUN,
  },
  examples: [
    'pushport webhook add shop crm --to https://crm.example.com/push',
    'pushport webhook add shop crm --to https://crm.example.com/push --events registered,unregistered --after start',
  ],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const events = parts(args.events)
    const body = {
      ...{ name: args.name, url: args.to },
      ...(events && { events: [...events] }),
      ...(args.after && { after: args.after }),
      ...(args['secret-file'] && { secret: textIn(args['secret-file']).trim() }),
    } as Draft
    const output = createOutput(args.json === true)
    if (args['dry-run'])
      return output.say({ would: { webhooks: 1 } }, `Would send events of ${args.app} to ${args.to}.`)
    const made = answered(await gateway.client.POST('/apps/{app}/webhooks', { params: { path }, body }))
    output.say(made, () => sheet(made))
  },
})

const list = command({
  name: 'list',
  is: 'Lists the webhooks of an app and their state.',
  args: { ...REMOTE, ...APP },
  examples: ['pushport webhook list shop'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const { feed } = answered(await gateway.client.GET('/apps/{app}/webhooks', { params: { path } }))
    const columns = ['id', 'name', 'url', 'stopped', 'delivered', 'waiting', 'dead', 'restingUntil']
    createOutput(args.json === true).rows(feed, columns)
  },
})

const show = command({
  name: 'show',
  is: 'Shows a webhook with its secret, and the events that were not delivered.',
  args: {
    ...REMOTE,
    ...APP,
    ...WEBHOOK,
    state: {
      type: 'string',
      valueHint: 'STATE',
      description: 'Lists only these events: `waiting` for a retry, or `dead`.',
    },
  },
  examples: ['pushport webhook show shop crm', 'pushport webhook show shop crm --state dead --json'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const { client } = gateway
    const path = await placeOf(gateway, args)
    const { state } = args
    if (state !== undefined && state !== 'waiting' && state !== 'dead')
      throw usage('--state must be waiting or dead.')
    if (state === undefined) {
      const one = answered(await client.GET('/apps/{app}/webhooks/{webhook}', { params: { path } }))
      return output.say(one, () => sheet(one))
    }
    let cursor: string | undefined
    do {
      const query = { state: state as 'waiting' | 'dead', limit: 100, ...(cursor && { cursor }) }
      const page = answered(
        await client.GET('/apps/{app}/webhooks/{webhook}/deliveries', { params: { path, query } }),
      )
      output.rows(page.deliveries, ['id', 'kind', 'deviceId', 'at', 'tries', 'status', 'error', 'dueAt'])
      cursor = page.nextCursor
    } while (cursor !== undefined)
  },
})

const replay = command({
  name: 'replay',
  is: 'Sends a webhook the events after a position or since a time again, or one dead event. Their ids stay the same.',
  args: {
    ...REMOTE,
    ...APP,
    ...WEBHOOK,
    after: AFTER,
    since: {
      type: 'string',
      valueHint: 'TIME',
      description: 'Events since this time, such as 2026-11-29T08:00:00Z.',
    },
    delivery: {
      type: 'string',
      valueHint: 'ID',
      description: 'Only this dead event, by its id in `show --state dead`.',
    },
    ...DRY_RUN,
    ...YES,
  },
  examples: [
    'pushport webhook replay shop crm --since 2026-11-29T08:00:00Z --yes',
    'pushport webhook replay shop crm --delivery 4711',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const { after, since, delivery } = args
    if ([after, since, delivery].filter((one) => one !== undefined).length !== 1)
      throw usage('Give one of --after, --since and --delivery.')
    const path = await placeOf(gateway, args)
    if (args['dry-run']) {
      const one = answered(await gateway.client.GET('/apps/{app}/webhooks/{webhook}', { params: { path } }))
      const what = delivery ?? `what happened ${after === undefined ? `since ${since}` : `after ${after}`}`
      return output.say({ would: { webhooks: 1 } }, `Would send to ${one.name} again: ${what}.`)
    }
    if (delivery !== undefined) {
      const of = { ...path, delivery }
      const one = '/apps/{app}/webhooks/{webhook}/deliveries/{delivery}/replay'
      answered(await gateway.client.POST(one, { params: { path: of } }))
      return output.say({ replayed: delivery }, `${delivery} is queued for another attempt.`)
    }
    const from = after === undefined ? `since ${since}` : `after ${after}`
    if (!(await confirmed(output, args.yes, `Send events ${from} to ${args.webhook} again?`))) return
    const body = { ...(after !== undefined && { after }), ...(since !== undefined && { since }) }
    const one = answered(
      await gateway.client.POST('/apps/{app}/webhooks/{webhook}/replay', { params: { path }, body }),
    )
    output.say(one, () => sheet(one))
  },
})

const pausing = (name: 'pause' | 'resume', is: string) =>
  command({
    name,
    is,
    args: { ...REMOTE, ...APP, ...WEBHOOK, ...DRY_RUN },
    examples: [`pushport webhook ${name} shop crm`],
    async run({ args }) {
      const gateway = remote(args)
      const params = { path: await placeOf(gateway, args) }
      const body = { paused: name === 'pause' }
      const output = createOutput(args.json === true)
      if (args['dry-run']) {
        const { name: which } = answered(
          await gateway.client.GET('/apps/{app}/webhooks/{webhook}', { params }),
        )
        return output.say({ would: { webhooks: 1 } }, `Would ${name} ${which}.`)
      }
      const one = answered(await gateway.client.PATCH('/apps/{app}/webhooks/{webhook}', { params, body }))
      output.say(one, () => sheet(one))
    },
  })

const remove = command({
  name: 'remove',
  is: 'Removes a webhook; it receives nothing more.',
  args: { ...REMOTE, ...APP, ...WEBHOOK, ...DRY_RUN, ...YES },
  examples: ['pushport webhook remove shop crm --yes'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = await placeOf(gateway, args)
    const one = answered(await gateway.client.GET('/apps/{app}/webhooks/{webhook}', { params: { path } }))
    if (args['dry-run']) return output.say({ would: { webhooks: 1 } }, `Would remove ${one.name}.`)
    if (!(await confirmed(output, args.yes, `Remove ${one.name}, which calls ${one.url}?`))) return
    answered(await gateway.client.DELETE('/apps/{app}/webhooks/{webhook}', { params: { path } }))
    output.say({ removed: path.webhook }, `Removed ${one.name}.`)
  },
})

export const webhook = group('webhook', 'Sends the events of an app to other systems.', {
  add,
  list,
  show,
  replay,
  pause: pausing('pause', 'Pauses a webhook until it is resumed.'),
  resume: pausing('resume', 'Resumes a webhook where it stopped, whatever the reason.'),
  remove,
})
