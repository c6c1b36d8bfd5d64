import { COMMON, command, DRY_RUN, group } from '../command.ts'
import { asked, secret } from '../confirm.ts'
import { contextFile, readContexts, writeContexts } from '../contexts.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { answered, remoteAt } from '../gateway.ts'
import { createOutput } from '../output.ts'

const NAME = {
  name: {
    type: 'string',
    valueHint: 'NAME',
    description: 'A name for the gateway; by default the host of its address.',
  },
} as const

const NAMED = {
  ...COMMON,
  name: { type: 'positional', required: true, description: 'The name of the gateway.' },
} as const

export const login = command({
  name: 'login',
  is: 'Saves the address and the admin token of a gateway in a file that only you can read, and makes it the default.',
  args: {
    ...COMMON,
    url: { type: 'positional', required: false, description: 'The URL of the gateway.' },
    ...NAME,
    ...DRY_RUN,
  },
  examples: [
    'pushport login https://gw.example',
    'PUSHPORT_ADMIN_TOKEN=… pushport login http://127.0.0.1:8787 --name local',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const url = (await asked(output, args.url, 'the URL of the gateway')).replace(/\/+$/, '')
    if (!/^https?:\/\/[^\s/?#]+/.test(url)) throw usage(`${url} is not a URL such as https://gw.example.`)
    const token = await secret(output, 'PUSHPORT_ADMIN_TOKEN', 'the admin token of the gateway')
    answered(await remoteAt({ url, token }).client.GET('/apps', { params: { query: { limit: 1 } } }))
    const name = args.name ?? new URL(url).host
    const { contexts } = readContexts(process.env)
    if (args['dry-run'])
      return output.say({ would: { context: name, url } }, `Would log in to ${url} as ${name}.`)
    writeContexts(process.env, { current: name, contexts: { ...contexts, [name]: { url, token } } })
    const file = contextFile(process.env)
    output.say({ context: name, url, file }, `Logged in to ${url} as ${name}; saved in ${file}.`)
  },
})

export const logout = command({
  name: 'logout',
  is: 'Removes a gateway and its token from this machine.',
  args: { ...NAMED, ...DRY_RUN },
  examples: ['pushport logout gw.example'],
  async run({ args }) {
    const { current, contexts } = readContexts(process.env)
    if (!(args.name in contexts)) throw new Fault(EXIT.refused, `There is no gateway ${args.name}.`)
    const output = createOutput(args.json === true)
    if (args['dry-run']) return output.say({ would: { forget: args.name } }, `Would log out of ${args.name}.`)
    const { [args.name]: _, ...rest } = contexts
    writeContexts(process.env, { current: current === args.name ? null : current, contexts: rest })
    output.say({ forgotten: args.name }, `Logged out of ${args.name}.`)
  },
})

const list = command({
  name: 'list',
  is: 'Lists the gateways that you are logged in to.',
  args: COMMON,
  examples: ['pushport context list'],
  async run({ args }) {
    const { current, contexts } = readContexts(process.env)
    const rows = Object.entries(contexts).map(([name, { url }]) => ({ name, url, current: name === current }))
    createOutput(args.json === true).rows(rows, ['name', 'url', 'current'])
  },
})

const use = command({
  name: 'use',
  is: 'Makes another gateway the default.',
  args: { ...NAMED, ...DRY_RUN },
  examples: ['pushport context use local'],
  async run({ args }) {
    const kept = readContexts(process.env)
    if (!(args.name in kept.contexts)) throw new Fault(EXIT.refused, `There is no gateway ${args.name}.`)
    const output = createOutput(args.json === true)
    if (args['dry-run'])
      return output.say({ would: { current: args.name } }, `Would make ${args.name} the default.`)
    writeContexts(process.env, { ...kept, current: args.name })
    output.say({ current: args.name }, `${args.name} is now the default.`)
  },
})

export const context = group('context', 'Lists gateways and switches between them.', { list, use })
