import type { paths } from '../../client/client.ts'
import { APP, command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { parts, textIn } from '../document.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput, sheet } from '../output.ts'

type Draft = paths['/apps/{app}/credentials']['post']['requestBody']['content']['application/json']

const list = command({
  name: 'list',
  is: 'Lists the credentials of an app, by their last characters.',
  args: { ...REMOTE, ...APP },
  examples: ['pushport credential list shop'],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const { credentials } = answered(
      await gateway.client.GET('/apps/{app}/credentials', { params: { path } }),
    )
    createOutput(args.json === true).rows(credentials, [
      'id',
      'dialect',
      'kind',
      'name',
      'hint',
      'scopes',
      'lastUsedAt',
    ])
  },
})

const add = command({
  name: 'add',
  is: 'Adds a credential; existing ones stay valid. Without a secret, one is generated and shown only once.',
  args: {
    ...REMOTE,
    ...APP,
    dialect: { type: 'positional', required: true, description: 'The dialect of the credential.' },
    kind: {
      type: 'string',
      valueHint: 'KIND',
      description: 'The kind of credential, for dialects that have several.',
    },
    name: {
      type: 'string',
      valueHint: 'NAME',
      description: 'The client’s name, in dialects with clients.',
    },
    scopes: { type: 'string', valueHint: 'A,B', description: 'The permissions of the credential.' },
    'secret-file': {
      type: 'string',
      valueHint: 'FILE',
      description: 'A file that contains the secret; - reads it from standard input.',
    },
    ...DRY_RUN,
  },
  examples: [
    'pushport credential add shop DIALECT',
    'pushport credential add shop DIALECT --scopes devices:write --secret-file key.txt',
  ],
  async run({ args }) {
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app) }
    const scopes = parts(args.scopes)
    const body: Draft = {
      dialect: args.dialect,
      ...(args.kind && { kind: args.kind }),
      ...(args.name && { name: args.name }),
      ...(scopes && { scopes: [...scopes] }),
      ...(args['secret-file'] && { secret: textIn(args['secret-file']).trim() }),
    }
    const output = createOutput(args.json === true)
    if (args['dry-run']) {
      const { secret: _, ...shown } = body
      const would = { credentials: 1, ...shown }
      return output.say({ would }, () => sheet(would))
    }
    const made = answered(await gateway.client.POST('/apps/{app}/credentials', { params: { path }, body }))
    output.say(made, () => sheet(made))
  },
})

const revoke = command({
  name: 'revoke',
  is: 'Revokes a credential; it stops working within seconds.',
  args: {
    ...REMOTE,
    ...APP,
    credential: {
      type: 'positional',
      required: true,
      description: 'The id of the credential, from `credential list`.',
    },
    force: { type: 'boolean', description: 'Revokes even the last credential of its dialect.' },
    ...DRY_RUN,
    ...YES,
  },
  examples: ['pushport credential revoke shop 0198… --dry-run'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const path = { app: await gateway.appId(args.app), credential: args.credential }
    const call = (dryRun: boolean) =>
      gateway.client.DELETE('/apps/{app}/credentials/{credential}', {
        params: { path, query: { dryRun, force: args.force === true } },
      })
    const would = answered(await call(true))
    if (args['dry-run']) return output.say(would, () => sheet({ ...would?.would }))
    if (!(await confirmed(output, args.yes, `Revoke ${args.credential}?`))) return
    answered(await call(false))
    output.say({ revoked: args.credential }, `Revoked ${args.credential}.`)
  },
})

export const credential = group('credential', 'Adds, lists and revokes credentials.', { list, add, revoke })
