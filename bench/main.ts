import { calls } from './calls/index.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import { peer } from './peer/index.ts'
import type { Report } from './report/report.ts'
import { write } from './report/write.ts'

/** A suite that measures and reports; a further one is a further line. */
type Suite = (options: Options, say: (line: string) => void) => Promise<Report>
const SUITES: Readonly<Record<string, Suite>> = { calls, peer }

/** Beyond what was asked for: making seeds, installing, starting. Then a run that hangs is ended. */
const PATIENCE_MINUTES = 40

const say = (line: string) => void process.stdout.write(`${line}\n`)

export async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args)
  if (!options) return say(HELP)
  const late = setTimeout(
    () => end('The bench did not end in time.'),
    (options.minutes * 2 + PATIENCE_MINUTES) * 60_000,
  )
  for (const name of options.suites) {
    const suite = SUITES[name]
    if (!suite) return end(`There is no suite ${name}.\n\n${HELP}`)
    const report = await suite(options, say)
    for (const line of write(report, options)) say(line)
  }
  clearTimeout(late)
}

function end(message: string): never {
  console.error(message)
  process.exit(1)
}
