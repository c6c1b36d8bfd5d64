import { once } from 'node:events'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  truncateSync,
  type WriteStream,
} from 'node:fs'
import { createInterface } from 'node:readline'
import { APP, command, REMOTE } from '../command.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { type Remote, remote } from '../gateway.ts'
import { linesOf } from '../lines.ts'
import { createOutput, type Output } from '../output.ts'
import { showProgress } from '../progress.ts'

/** Most retries of an answer that ends without a complete device, and the longest pause before a retry. */
const MOST = 6
const LONGEST_PAUSE = 30_000

const FILTERS = {
  dialect: { type: 'string', valueHint: 'NAME', description: 'Only devices of this dialect.' },
  platform: { type: 'string', valueHint: 'NAME', description: 'Only devices of this platform.' },
  provider: { type: 'string', valueHint: 'NAME', description: 'Only devices of this push service.' },
  active: {
    type: 'string',
    valueHint: 'true|false',
    description: 'Only reachable devices, or only the others.',
  },
  excel: {
    type: 'string',
    valueHint: 'safe',
    description: 'For a csv that a spreadsheet will open: keeps cells from being read as formulas.',
  },
  'android-app-id': {
    type: 'string',
    valueHint: 'ID',
    description: 'For braze-ndjson: the id of the Android app there.',
  },
  'ios-app-id': {
    type: 'string',
    valueHint: 'ID',
    description: 'For braze-ndjson: the id of the iOS app there.',
  },
} as const

export const exporting = command({
  name: 'export',
  is: 'Exports all devices of an app, with their tokens: treat the file like a password.',
  args: {
    ...REMOTE,
    ...APP,
    file: {
      type: 'positional',
      required: false,
      description: 'The file to write; standard output by default.',
    },
    format: {
      type: 'string',
      default: 'ndjson',
      valueHint: 'NAME',
      description: 'ndjson and csv can be imported again; the others are for other vendors.',
    },
    ...FILTERS,
    resume: { type: 'boolean', description: 'Continues an interrupted export from FILE.part.' },
  },
  examples: [
    'pushport export shop devices.ndjson',
    'pushport export shop devices.ndjson --resume',
    'pushport export shop --format csv --provider fcm > fcm.csv',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { file, format } = args
    const part = file === undefined ? null : `${file}.part`
    if (file !== undefined && existsSync(file)) throw usage(`${file} already exists.`)
    if (part !== null && existsSync(part) && !args.resume)
      throw usage(`${part} already exists: use --resume to continue it.`)
    if (args.resume && (part === null || format !== 'ndjson'))
      throw usage('--resume works only for ndjson written to a file.')
    const gateway = remote(args)
    const app = await gateway.appId(args.app)
    const query = new URLSearchParams({ format })
    for (const name of Object.keys(FILTERS) as readonly (keyof typeof FILTERS)[])
      if (args[name] !== undefined)
        query.set(
          name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
          args[name],
        )
    const begun = part !== null && existsSync(part) ? await wholeOf(part) : NOTHING
    const sink = sinkOf(part, output)
    const asked: Asked = { gateway, output, path: `/apps/${app}/export`, query }
    const count =
      format === 'ndjson'
        ? await lines(asked, sink, begun, await totalOf(gateway, app))
        : await plain(asked, sink)
    await sink.end()
    if (file === undefined || part === null) return
    renameSync(part, file)
    output.say(
      { file, ...count },
      `${file} has ${'devices' in count ? `${count.devices} devices` : `${count.bytes} bytes`}.`,
    )
  },
})

interface Asked {
  readonly gateway: Remote
  readonly output: Output
  readonly path: string
  readonly query: URLSearchParams
}

interface Begun {
  readonly devices: number
  /** The last complete line; null if there is none yet. */
  readonly last: string | null
  /** Whether the file's first line has been written. */
  readonly headed: boolean
}
const NOTHING: Begun = { devices: 0, last: null, headed: false }

interface Sink {
  write(chunk: string | Uint8Array): Promise<void>
  end(): Promise<void>
}

function sinkOf(part: string | null, output: Output): Sink {
  if (part === null) return { write: output.write, end: async () => {} }
  const out: WriteStream = createWriteStream(part, { flags: 'a', mode: 0o600, flush: true })
  return {
    async write(chunk) {
      if (!out.write(chunk)) await once(out, 'drain')
    },
    async end() {
      out.end()
      await once(out, 'close')
    },
  }
}

const idOf = (line: string): string | undefined => /^\{"type":"device","id":"([^"]+)"/.exec(line)?.[1]

/** The complete lines of a part file; an incomplete last line is cut off. */
async function wholeOf(part: string): Promise<Begun> {
  let [size, devices, last] = [0, 0, null as string | null]
  const source = createReadStream(part)
  let total = 0
  source.on('data', (chunk) => {
    total += chunk.length
  })
  for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    const bytes = Buffer.byteLength(line) + 1
    const id = idOf(line)
    if (!line.endsWith('}')) break
    size += bytes
    if (id === undefined) continue
    devices++
    last = id
  }
  if (size < total) truncateSync(part, size)
  return { devices, last, headed: size > 0 }
}

async function totalOf({ client }: Remote, app: string): Promise<number | null> {
  const { data } = await client.GET('/apps/{app}/stats', { params: { path: { app } } })
  return data?.devices.total ?? null
}

/** Reads lines until the final line confirms that all were sent, and resumes after interrupted answers. */
async function lines(
  { gateway, output, path, query }: Asked,
  sink: Sink,
  begun: Begun,
  total: number | null,
) {
  const shown = showProgress(output, 'Exported', (devices) => `${devices} devices`)
  let { devices, last, headed } = begun
  for (let failed = 0; ; ) {
    const before = devices
    try {
      if (last !== null) query.set('cursor', last)
      for await (const line of linesOf(await gateway.raw('GET', `${path}?${query}`))) {
        const id = idOf(line)
        if (id !== undefined) {
          await sink.write(`${line}\n`)
          last = id
          shown.at(++devices, total)
        } else if (line.startsWith('{"type":"end"')) {
          const end = `${JSON.stringify({ type: 'end', devices })}\n`
          await sink.write(end)
          shown.end(`Exported ${devices} devices.`)
          return { devices }
        } else if (!headed) await sink.write(`${line}\n`)
        headed = true
      }
      throw new Fault(EXIT.unreachable, 'The export was interrupted.')
    } catch (error) {
      if (error instanceof Fault && error.exit !== EXIT.unreachable) throw error
      failed = devices > before ? 1 : failed + 1
      if (failed >= MOST)
        throw new Fault(
          EXIT.unreachable,
          `The export was interrupted after ${devices} devices. Continue it with --resume.`,
        )
      await new Promise((resume) => setTimeout(resume, Math.min(500 * 2 ** failed, LONGEST_PAUSE)))
    }
  }
}

async function plain({ gateway, path, query }: Asked, sink: Sink) {
  const { body } = await gateway.raw('GET', `${path}?${query}`)
  let bytes = 0
  try {
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength
      await sink.write(chunk)
    }
  } catch {
    throw new Fault(EXIT.unreachable, 'The export was interrupted: start it again.')
  }
  return { bytes }
}
