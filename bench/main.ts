import { machine, quiet } from './kit/machine.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import type { Measurement } from './report/report.ts'
import { write } from './report/write.ts'

/** Runs suites, and writes the reports of those that have results to keep. */
type Suite = (options: Options, say: (line: string) => void) => Promise<Measurement | null>

/** Loaded on demand; a new suite is a new line. */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  calls: async () => (await import('./calls/index.ts')).calls,
  peer: async () => (await import('./peer/index.ts')).peer,
  memory: async () => (await import('./memory/index.ts')).memory,
  beside: async () => (await import('./beside/index.ts')).beside,
  scale: async () => (await import('./scale/index.ts')).scale,
  send: async () => (await import('./send/index.ts')).send,
  import: async () => (await import('./import/index.ts')).importing,
  migration: async () => (await import('./migration/index.ts')).migration,
  move: async () => (await import('./move/index.ts')).moving,
  gateways: async () => (await import('./gateways/index.ts')).gateways,
  shadow: async () => (await import('./shadow/index.ts')).shadow,
  drivers: async () => (await import('./drivers/index.ts')).drivers,
  console: async () => (await import('./console/index.ts')).consolePages,
  hold: async () => (await import('./hold/index.ts')).hold,
}

/** Suites that do not measure times. */
const OUTCOMES = ['migration', 'memory', 'move']

/**
 * Time in addition to the requested: for seeds, installations and starts. After it, a hanging run is ended.
 */
const PATIENCE_MINUTES = 40
/** A million phones take hours. */
const PHONES_A_MINUTE = 3000

const say = (line: string) => void process.stdout.write(`${line}\n`)

export async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args)
  if (!options) return say(HELP)
  const fleet = options.suites.includes('migration')
  const late = setTimeout(
    () => end('The bench did not end in time.'),
    (options.minutes * 2 + PATIENCE_MINUTES + (fleet ? options.phones / PHONES_A_MINUTE : 0)) * 60_000,
  )
  const suites = options.suites.map((name) => SUITES[name] ?? end(`There is no suite ${name}.\n\n${HELP}`))
  if (!options.quick && options.suites.some((name) => !OUTCOMES.includes(name))) await quiet(say)
  // Measured before the bench itself uses the machine.
  const on = machine()
  for (const load of suites) {
    const suite = await load()
    const measured = await suite(options, say)
    if (measured) for (const line of write({ ...measured, machine: on }, options)) say(line)
  }
  clearTimeout(late)
}

function end(message: string): never {
  console.error(message)
  process.exit(1)
}
