import type { components } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { documentIn } from '../document.ts'
import { EXIT } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, type Output, sheet } from '../output.ts'

type Provider = components['schemas']['Provider']

const KIND = {
  kind: {
    type: 'positional',
    required: true,
    description: 'The push service: fcm, apns, webpush, wns, hms or adm.',
  },
} as const

/** Reports the state of a push service; a bad state gives the exit code `attention`. */
function told(output: Output, provider: Provider): number {
  output.say(provider, () => sheet(provider))
  return provider.state === 'ok' ? EXIT.done : EXIT.attention
}

const list = command({
  name: 'list',
  is: 'Lists the push services of an app.',
  args: { ...REMOTE, ...APP },
  examples: ['pushport provider list shop'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const { providers } = answered(await gateway.client.GET('/apps/{app}/providers', { params: { path } }))
    createOutput(args.json === true).rows(providers, ['kind', 'state', 'reason', 'since', 'dialect'])
  },
})

const set = command({
  name: 'set',
  is: 'Sets an app’s credential for a push service, and checks it with the service.',
  args: {
    ...REMOTE,
    ...APP,
    ...KIND,
    file: {
      type: 'string',
      required: true,
      valueHint: 'FILE',
      description: 'A JSON file as described in docs/push-services.md; - reads it from standard input.',
    },
    ...DRY_RUN,
  },
  examples: ['pushport provider set shop fcm --file fcm.json'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), kind: args.kind }
    const body = documentIn(args.file) as never
    const output = createOutput(args.json === true)
    if (args['dry-run']) {
      const { providers } = answered(await gateway.client.GET('/apps/{app}/providers', { params: { path } }))
      const would = { providers: 1, replaces: providers.some(({ kind }) => kind === args.kind) }
      return output.say({ would }, () => sheet(would))
    }
    const set = answered(await gateway.client.PUT('/apps/{app}/providers/{kind}', { params: { path }, body }))
    return told(output, set)
  },
})

const probe = command({
  name: 'probe',
  is: 'Checks an app’s credential with the push service.',
  args: { ...REMOTE, ...APP, ...KIND },
  examples: ['pushport provider probe shop fcm'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), kind: args.kind }
    const probed = answered(
      await gateway.client.POST('/apps/{app}/providers/{kind}/probe', { params: { path } }),
    )
    return told(createOutput(args.json === true), probed)
  },
})

const remove = command({
  name: 'remove',
  is: 'Removes an app’s credential for a push service.',
  args: { ...REMOTE, ...APP, ...KIND, ...DRY_RUN, ...YES },
  examples: ['pushport provider remove shop fcm --yes'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), kind: args.kind }
    const call = (dryRun: boolean) =>
      gateway.client.DELETE('/apps/{app}/providers/{kind}', { params: { path, query: { dryRun } } })
    const would = answered(await call(true))
    if (args['dry-run']) return output.say(would, () => sheet({ ...would?.would }))
    if (!(await confirmed(output, args.yes, `Remove the credential for ${args.kind}?`))) return
    answered(await call(false))
    output.say({ removed: args.kind }, `Removed the credential for ${args.kind}.`)
  },
})

export const provider = group('provider', 'Configures and checks push services.', {
  list,
  set,
  probe,
  remove,
})
