import { contracts } from '../../../vendors/conformance/index.ts'
import { type Checked, runRows } from '../../conformance/run.ts'
import { callerAt } from '../caller.ts'
import { COMMON, command } from '../command.ts'
import { chosenContext } from '../contexts.ts'
import { documentIn, parts } from '../document.ts'
import { EXIT, usage } from '../faults.ts'
import { answered, type Remote, remoteAt } from '../gateway.ts'
import { createOutput, type Output } from '../output.ts'

/** The dialects of an app, with the ids and secrets of each. */
type Dialects = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const conformance = command({
  name: 'conformance',
  is: 'Asks any server what a server of a dialect must answer, one row after the other. It registers phones that are none.',
  args: {
    ...COMMON,
    target: { type: 'string', required: true, valueHint: 'URL', description: 'The server.' },
    dialect: { type: 'string', valueHint: 'NAMES', description: 'Only these dialects, with commas between.' },
    app: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'The app there, as `pushport app create --json` prints one. Left out: one is made by the admin API of the target, and deleted.',
    },
  },
  examples: [
    'PUSHPORT_ADMIN_TOKEN=… pushport conformance --target http://127.0.0.1:8787',
    'pushport conformance --target https://gw.example --app app.json --dialect DIALECT --json',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const target = args.target.replace(/\/+$/, '')
    if (!/^https?:\/\/[^/]/.test(target)) throw usage(`${args.target} is no address.`)
    const names = parts(args.dialect) ?? Object.keys(contracts)
    const unknown = names.find((name) => !contracts[name])
    if (unknown !== undefined)
      throw usage(`There is no dialect ${unknown}; there are: ${Object.keys(contracts).join(', ')}.`)
    if (args.app !== undefined)
      return told(output, checked(target, dialectsIn(documentIn(args.app)), args.dialect ? names : null))
    const gateway = remoteAt(chosenContext(process.env, { url: target }))
    const made = await newApp(gateway, names)
    try {
      return await told(output, checked(target, made.dialects, names))
    } finally {
      await gateway.client.DELETE('/apps/{app}', { params: { path: { app: made.id } } })
    }
  },
})

async function newApp(gateway: Remote, names: readonly string[]) {
  const body = {
    name: 'conformance',
    dialects: Object.fromEntries(names.map((name) => [name, contracts[name]?.setup?.() ?? {}])),
  }
  const { id, dialects } = answered(await gateway.client.POST('/apps', { body }))
  return { id, dialects: dialects as Dialects }
}

function dialectsIn(document: Readonly<Record<string, unknown>>): Dialects {
  const { dialects } = document
  if (typeof dialects === 'object' && dialects !== null) return dialects as Dialects
  throw usage('The app has no member `dialects`.')
}

/** The rows of these dialects; of those that the app has, where nobody named any. */
async function* checked(target: string, dialects: Dialects, names: readonly string[] | null) {
  for (const dialect of names ?? Object.keys(dialects)) {
    const [samples, app] = [contracts[dialect], dialects[dialect]]
    if (!samples || !app) throw usage(`The app has no dialect ${dialect}.`)
    yield* runRows({ dialect, samples, app, caller: callerAt(target) })
  }
}

async function told(output: Output, rows: AsyncGenerator<Checked>) {
  const counts = new Map<string, { passed: number; failed: number }>()
  for await (const one of rows) {
    const count = counts.get(one.dialect) ?? { passed: 0, failed: 0 }
    counts.set(one.dialect, count)
    count[one.pass ? 'passed' : 'failed']++
    if (output.json) output.say(one, '')
    else if (!one.pass)
      output.say(
        null,
        `FAULT  ${one.dialect}: ${one.name}: ${one.fault}${one.came ? ` (${one.came.status})` : ''}`,
      )
  }
  const sums = [...counts].map(
    ([dialect, { passed, failed }]) => `${dialect}: ${passed} passed, ${failed} failed`,
  )
  if (!output.json) output.say(null, sums.join('\n'))
  return [...counts.values()].some(({ failed }) => failed > 0) ? EXIT.refused : EXIT.done
}
