import type { paths } from '../../client/client.ts'
import { APP, command, DRY_RUN, REMOTE } from '../command.ts'
import { documentIn, parts } from '../document.ts'
import { usage } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Message = paths['/apps/{app}/messages']['post']['requestBody']['content']['application/json']

const listed = (what: string) => ({ type: 'string', valueHint: 'A,B', description: what }) as const

export const send = command({
  name: 'send',
  is: 'Sends a message to devices of all dialects, one per phone.',
  args: {
    ...REMOTE,
    ...APP,
    title: { type: 'string', valueHint: 'TEXT', description: 'The title.' },
    body: { type: 'string', valueHint: 'TEXT', description: 'The text.' },
    link: { type: 'string', valueHint: 'URL', description: 'The URL that a tap opens.' },
    file: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'A JSON file with the message, in the format of the admin API; - reads it from standard input. Options override its members.',
    },
    all: { type: 'boolean', description: 'To all devices.' },
    topics: listed('To subscribers of any of these topics.'),
    users: listed('To the devices of these users.'),
    devices: listed('To these devices, by the ids that their SDKs use.'),
    tokens: listed('To the phones with these push tokens.'),
    platforms: listed('Only to these platforms.'),
    key: {
      type: 'string',
      valueHint: 'KEY',
      description: 'Idempotency key: calls with the same key send the message only once.',
    },
    ...DRY_RUN,
  },
  examples: [
    'pushport send shop --title "Sale" --body "Today only" --topics news --dry-run',
    'pushport send shop --file message.json --all --key sale-2026',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const document = args.file ? documentIn(args.file) : {}
    const lists = (['topics', 'users', 'devices', 'tokens', 'platforms'] as const).flatMap((name) => {
      const list = parts(args[name])
      return list ? [[name, list] as const] : []
    })
    const audience = { ...(args.all && { all: true }), ...Object.fromEntries(lists) }
    const to = Object.keys(audience).length > 0 ? audience : document.audience
    if (to === undefined)
      throw usage('Choose the audience with --all, --topics, --users, --devices, --tokens or --file.')
    const body = {
      ...document,
      ...(args.title && { title: args.title }),
      ...(args.body && { body: args.body }),
      ...(args.link && { link: args.link }),
      ...(args.key && { idempotencyKey: args.key }),
      ...(args['dry-run'] && { dryRun: true }),
      audience: to,
    } as Message
    const sent = answered(await gateway.client.POST('/apps/{app}/messages', { params: { path }, body }))
    output.say(sent, () => sheet({ ...sent }))
  },
})
