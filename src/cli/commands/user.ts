import type { components } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Device = components['schemas']['Device']

const USER = {
  user: { type: 'positional', required: true, description: 'The user’s id, as devices name it.' },
} as const

const exported = command({
  name: 'export',
  is: 'Writes all data about a user as one JSON document.',
  args: { ...REMOTE, ...APP, ...USER },
  examples: ['pushport user export shop alice > alice.json'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), user: args.user }
    const devices: Device[] = []
    let cursor: string | undefined
    for (;;) {
      const query = { limit: 100, ...(cursor && { cursor }) }
      const page = answered(await gateway.client.GET('/apps/{app}/users/{user}', { params: { path, query } }))
      devices.push(...page.devices)
      cursor = page.nextCursor
      if (cursor !== undefined) continue
      const { nextCursor, ...held } = page
      const whole = { ...held, devices }
      return createOutput(args.json === true).say(whole, () => JSON.stringify(whole, null, 2))
    }
  },
})

const erase = command({
  name: 'erase',
  is: 'Erases all data about a user in all dialects. This cannot be undone.',
  args: { ...REMOTE, ...APP, ...USER, ...DRY_RUN, ...YES },
  examples: ['pushport user erase shop alice --dry-run', 'pushport user erase shop alice --yes'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), user: args.user }
    const call = (dryRun: boolean) =>
      gateway.client.DELETE('/apps/{app}/users/{user}', { params: { path, query: { dryRun } } })
    const would = answered(await call(true))
    if (args['dry-run']) return output.say(would, () => sheet({ ...would?.would }))
    if (!(await confirmed(output, args.yes, `Erase ${args.user}? This cannot be undone.`))) return
    answered(await call(false))
    output.say({ erased: args.user, ...would }, `Erased ${args.user}.`)
  },
})

export const user = group('user', 'Exports and erases the data about a user.', {
  export: exported,
  erase,
})
