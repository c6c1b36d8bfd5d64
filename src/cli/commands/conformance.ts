import { contracts } from '../../../vendors/conformance/index.ts'
import type { AskedRow } from '../../compatibility/target.ts'
import { type Checked, type Heard, runRows } from '../../conformance/run.ts'
import { callerAt } from '../caller.ts'
import { COMMON, command } from '../command.ts'
import { chosenContext } from '../contexts.ts'
import { documentIn, parts } from '../document.ts'
import { EXIT, usage } from '../faults.ts'
import { answered, type Remote, remoteAt } from '../gateway.ts'
import { createOutput, type Output } from '../output.ts'
import { type ReportFile, reportFiles, writeReports } from '../reports.ts'

/** The dialects of an app, with the ids and secrets of each. */
type Dialects = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export const conformance = command({
  name: 'conformance',
  is: 'Tests whether a server behaves as a dialect requires, case by case. It registers simulated phones.',
  args: {
    ...COMMON,
    target: { type: 'string', required: true, valueHint: 'URL', description: 'The URL of the server.' },
    dialect: { type: 'string', valueHint: 'NAMES', description: 'Only these dialects, separated by commas.' },
    app: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'A file with the app to use, as printed by `pushport app create --json`. By default, an app is created through the admin API of the target and deleted afterwards.',
    },
    report: {
      type: 'string',
      valueHint: 'FILES',
      description:
        'Writes the report to these files, separated by commas: a page (.md, .html), its data (.json) or a badge (.svg).',
    },
  },
  examples: [
    'PUSHPORT_ADMIN_TOKEN=… pushport conformance --target http://127.0.0.1:8787',
    'pushport conformance --target https://gw.example --app app.json --dialect DIALECT --json',
    'pushport conformance --target https://gw.example --report report.json,report.html,badge.svg',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const target = args.target.replace(/\/+$/, '')
    if (!/^https?:\/\/[^/]/.test(target)) throw usage(`${args.target} is not a URL.`)
    const files = reportFiles(parts(args.report) ?? [])
    const names = parts(args.dialect) ?? Object.keys(contracts)
    const unknown = names.find((name) => !contracts[name])
    if (unknown !== undefined)
      throw usage(`Unknown dialect: ${unknown}. Use one of ${Object.keys(contracts).join(', ')}.`)
    const ask = (dialects: Dialects, asked: readonly string[] | null) =>
      told(output, { target, files, dialects, names: asked })
    if (args.app !== undefined) return ask(dialectsIn(documentIn(args.app)), args.dialect ? names : null)
    const gateway = remoteAt(chosenContext(process.env, { url: target }))
    const made = await newApp(gateway, names)
    try {
      return await ask(made.dialects, names)
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

interface Asking {
  readonly target: string
  readonly dialects: Dialects
  /** The named dialects; without names, those of the app. */
  readonly names: readonly string[] | null
  readonly files: readonly ReportFile[]
}

async function* checked({ target, dialects, names }: Asking) {
  for (const dialect of names ?? Object.keys(dialects)) {
    const [samples, app] = [contracts[dialect], dialects[dialect]]
    if (!samples || !app) throw usage(`The app has no dialect ${dialect}.`)
    let calls: Heard[] = []
    const heard = (call: Heard) => void calls.push(call)
    for await (const one of runRows({ dialect, samples, app, caller: callerAt(target), heard })) {
      yield { one, calls }
      calls = []
    }
  }
}

async function told(output: Output, asking: Asking) {
  const counts = new Map<string, { passed: number; failed: number }>()
  const rows: AskedRow[] = []
  for await (const { one, calls } of checked(asking)) {
    const count = counts.get(one.dialect) ?? { passed: 0, failed: 0 }
    counts.set(one.dialect, count)
    count[one.pass ? 'passed' : 'failed']++
    if (asking.files.length > 0) rows.push({ ...one, calls })
    if (output.json) output.say(one, '')
    else if (!one.pass) output.say(null, faultLine(one))
  }
  const sums = [...counts].map(
    ([dialect, { passed, failed }]) => `${dialect}: ${passed} passed, ${failed} failed`,
  )
  if (!output.json) output.say(null, sums.join('\n'))
  if (asking.files.length > 0) await writeReports(asking.files, asking.target, rows)
  return [...counts.values()].some(({ failed }) => failed > 0) ? EXIT.refused : EXIT.done
}

const faultLine = ({ dialect, name, fault, came }: Checked): string =>
  `FAULT  ${dialect}: ${name}: ${fault}${came ? ` (${came.status})` : ''}`
