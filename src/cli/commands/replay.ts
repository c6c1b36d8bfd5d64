import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Recorded } from '../../domain/recorded.ts'
import { type Shape, shapeDifferences, shapeOf } from '../../domain/shape.ts'
import { callerAt } from '../caller.ts'
import { COMMON, command, DRY_RUN } from '../command.ts'
import { documentIn } from '../document.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { createOutput } from '../output.ts'
import { showProgress } from '../progress.ts'

/** Most stand-ins for which the target's own ids are kept. */
const MOST = 100_000
const RATE = 20

export const replay = command({
  name: 'replay',
  is: 'Sends the calls of a recording to a server, in order, and reports answers that differ.',
  args: {
    ...COMMON,
    file: { type: 'positional', required: true, description: 'A file from RECORD_FOLDER.' },
    target: { type: 'string', required: true, valueHint: 'URL', description: 'The URL of the server.' },
    diff: { type: 'boolean', description: 'Prints each difference in status and JSON structure.' },
    map: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'A JSON object that maps texts of the recording to those of the target, such as the app’s id.',
    },
    rate: {
      type: 'string',
      valueHint: 'NUMBER',
      description: `The maximum number of calls per second (${RATE}).`,
    },
    ...DRY_RUN,
  },
  examples: [
    'pushport replay data/recorded/recorded-000001.ndjson --target http://127.0.0.1:8788 --diff',
    'PUSHPORT_AUTHORIZATION="Bearer …" pushport replay calls.ndjson --target https://gw.example --map ids.json --diff --json',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    if (!existsSync(args.file)) throw usage(`There is no file ${args.file}.`)
    const target = args.target.replace(/\/+$/, '')
    if (!/^https?:\/\/[^/]/.test(target)) throw usage(`${args.target} is not a URL.`)
    const rate = Number(args.rate ?? RATE)
    if (!(rate > 0 && rate <= 10_000)) throw usage('--rate must be a number above 0.')
    if (args['dry-run']) return output.rows(await counted(args.file), ['route', 'calls'])
    const named = namesOf(args.map === undefined ? {} : documentIn(args.map))
    const shown = showProgress(output, 'Replayed', (calls) => `${calls} calls`)
    const [counts, send] = [{ calls: 0, differing: 0 }, sender(target, named)]
    const begun = Date.now()
    for await (const recorded of callsIn(args.file)) {
      const wait = begun + (counts.calls * 1000) / rate - Date.now()
      if (wait > 0) await new Promise((resume) => setTimeout(resume, wait))
      const { status, differences } = await send(recorded)
      shown.at(++counts.calls, null)
      if (differences.length > 0) counts.differing++
      const { route } = recorded
      if (args.diff && differences.length > 0)
        output.say({ call: counts.calls, route, status, was: recorded.answer.status, differences }, () =>
          differences.map((one) => `call ${counts.calls}, ${route}: ${one}`).join('\n'),
        )
    }
    shown.end(`Replayed ${counts.calls} calls.`)
    output.say(counts, `${counts.calls} calls, ${counts.differing} answered differently.`)
    return counts.differing > 0 ? EXIT.attention : EXIT.done
  },
})

async function* callsIn(file: string): AsyncGenerator<Recorded> {
  let line = 0
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (text === '') continue
    let recorded: Recorded
    try {
      recorded = JSON.parse(text)
    } catch {
      throw new Fault(EXIT.usage, `${file}, line ${line}: not a recorded call.`)
    }
    yield recorded
  }
}

async function counted(file: string) {
  const counts = new Map<string, number>()
  for await (const { dialect, route } of callsIn(file)) {
    const name = `${dialect} ${route}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([route, calls]) => ({ route, calls }))
}

/** Stand-ins in the recording and their values at the target: given by options or learnt from its answers. */
function namesOf(map: Readonly<Record<string, unknown>>) {
  const said = Object.entries(map).map(([name, value]) => [name, String(value)] as const)
  const learnt = new Map<string, string>()
  const WORD = /[^\s"'/?&=,:]+/g
  return {
    learn(standIn: string, name: string) {
      if (standIn === name) return
      learnt.set(standIn, name)
      for (const oldest of learnt.size > MOST ? learnt.keys() : []) {
        learnt.delete(oldest)
        break
      }
    },
    /** A text in which every known stand-in is replaced by the target's value. */
    in(text: string): string {
      const there = said.reduce((all, [name, value]) => all.replaceAll(name, value), text)
      const whole = learnt.get(there)
      return whole ?? there.replace(WORD, (word) => learnt.get(word) ?? word)
    },
  }
}

type Names = ReturnType<typeof namesOf>

function sender(target: string, names: Names) {
  const caller = callerAt(target)
  const authorization = process.env.PUSHPORT_AUTHORIZATION
  return async ({ method, path, type, body, answer }: Recorded) => {
    const headers = {
      ...(type !== null && { 'Content-Type': type }),
      ...(authorization !== undefined && { Authorization: authorization }),
    }
    const sent = body === null ? undefined : JSON.stringify(renamed(body, names))
    const response = await caller.request(method, names.in(path), { headers, body: sent })
    const text = await response.text()
    const came = jsonOf(text)
    for (const [at, standIn] of Object.entries(answer.ids)) {
      const name = valueAt(came, at.split('.'))
      if (typeof name === 'string') names.learn(standIn, name)
    }
    const { status } = response
    const other = status === answer.status ? [] : [`the status is ${status}, but was ${answer.status}`]
    const shape = came === undefined ? null : shapeOf(came)
    const shapes =
      shape === null || answer.shape === null
        ? inOne(shape, answer.shape)
        : shapeDifferences(answer.shape, shape)
    // The body was too large to be inspected when it was recorded.
    return { status, differences: answer.shape === 'unread' ? other : [...other, ...shapes] }
  }
}

function inOne(found: Shape | null, was: Shape | null): readonly string[] {
  if ((found === null) === (was === null)) return []
  return [found === null ? 'the body is not JSON, but was' : 'the body is JSON, but was not']
}

function renamed(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return names.in(value)
  if (Array.isArray(value)) return value.map((one) => renamed(one, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, renamed(one, names)]))
}

const valueAt = (value: unknown, [name, ...more]: readonly string[]): unknown => {
  const inner =
    typeof value === 'object' && value !== null && name !== undefined
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined
  return more.length === 0 ? inner : valueAt(inner, more)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
