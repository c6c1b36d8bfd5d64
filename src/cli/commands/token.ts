import { command, DRY_RUN, group, REMOTE } from '../command.ts'
import { confirmed, YES } from '../confirm.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { answered, remote } from '../gateway.ts'
import { createOutput } from '../output.ts'

const ROLES = ['read', 'operate', 'admin'] as const

const create = command({
  name: 'create',
  is: 'Creates an admin token for a person or a program. It is shown only once.',
  args: {
    ...REMOTE,
    name: {
      type: 'positional',
      required: true,
      description: 'The name of its owner, as shown in the audit log.',
    },
    role: { type: 'string', valueHint: 'ROLE', description: 'read, operate or admin; read by default.' },
    ...DRY_RUN,
  },
  examples: ['pushport token create ada --role operate'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const role = ROLES.find((one) => one === (args.role ?? 'read'))
    if (!role) throw usage(`Unknown role: ${args.role}. Use one of ${ROLES.join(', ')}.`)
    const { client } = remote(args)
    if (args['dry-run']) {
      // A token that may not list tokens may not create one.
      answered(await client.GET('/tokens'))
      const would = { tokens: 1, name: args.name, role }
      return output.say({ would }, `Would create a token for ${args.name}, with the role ${role}.`)
    }
    const made = answered(await client.POST('/tokens', { body: { name: args.name, role } }))
    output.say(made, `${made.secret}`)
  },
})

const list = command({
  name: 'list',
  is: 'Lists the named admin tokens.',
  args: REMOTE,
  examples: ['pushport token list'],
  async run({ args }) {
    const { tokens } = answered(await remote(args).client.GET('/tokens'))
    createOutput(args.json === true).rows(tokens, ['id', 'name', 'role', 'createdAt', 'lastUsedAt'])
  },
})

const revoke = command({
  name: 'revoke',
  is: 'Revokes an admin token and the console sessions opened with it.',
  args: {
    ...REMOTE,
    ...DRY_RUN,
    ...YES,
    token: {
      type: 'positional',
      required: true,
      description: 'The id of the token, from `pushport token list`.',
    },
  },
  examples: ['pushport token revoke 01JABC --dry-run', 'pushport token revoke 01JABC --yes'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { client } = remote(args)
    if (args['dry-run']) {
      const { tokens } = answered(await client.GET('/tokens'))
      const one = tokens.find(({ id }) => id === args.token)
      if (!one) throw new Fault(EXIT.refused, `There is no token ${args.token}.`)
      return output.say({ would: { tokens: 1 } }, `Would revoke the token of ${one.name}.`)
    }
    if (!(await confirmed(output, args.yes, `Revoke ${args.token}?`))) return
    const path = { token: args.token }
    answered(await client.DELETE('/tokens/{token}', { params: { path } }))
    output.say({ revoked: args.token }, `Revoked ${args.token}.`)
  },
})

export const token = group('token', 'Creates, lists and revokes named admin tokens.', {
  create,
  list,
  revoke,
})

export const loginLink = command({
  name: 'login-link',
  is: 'Prints a link that signs in to the console once, within 30 minutes, with the role of your token.',
  args: { ...REMOTE, ...DRY_RUN },
  examples: ['pushport login-link'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { client } = remote(args)
    if (args['dry-run']) {
      answered(await client.GET('/apps', { params: { query: { limit: 1 } } }))
      return output.say({ would: { links: 1 } }, 'Would create a link that signs in once.')
    }
    const made = answered(await client.POST('/login-links'))
    output.say(made, made.link)
  },
})
