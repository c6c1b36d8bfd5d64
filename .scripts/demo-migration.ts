// Rehearses a whole migration on this machine: `npm run demo:migration`. Vendors, phones and the gateway run
// in this process; the clock is simulated, so that weeks pass in minutes.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DIALECTS } from '../simulator/dialects.ts'
import { faultsOf, tellMigration } from '../simulator/story.ts'
import { temporaryFolder } from '../simulator/temporary.ts'

const HELP = `npm run demo:migration -- [option …]

A fleet of simulated phones moves from five vendors to the gateway: local, forward, record, import, shadow, local.

  --phones N        how many (20,000; three minutes on two cores)
  --seed N          another one is another story (1)
  --dialects A,B    only these
  --moves release   phones come by an update of the app, each when it gets it (by a host name, all at once)
  --port N          of the console on this machine (8788)
  --sockets         each vendor on a port of this machine; slower (within this process)
  --stay            keeps serving the console at the end, until Ctrl-C
`
const all = DIALECTS.map(({ script }) => script.dialect)

function wrong(text: string): never {
  process.stderr.write(`${text}\n\n${HELP}`)
  process.exit(2)
}

function options() {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: {
      ...{ phones: text, seed: text, dialects: text, moves: text, port: text },
      stay: flag,
      help: flag,
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    process.exit(0)
  }
  const whole = (name: string, given: string | undefined, otherwise: number, least: number) => {
    const value = Number(given ?? otherwise)
    return Number.isInteger(value) && value >= least
      ? value
      : wrong(`--${name} must be a whole number, not ${given}`)
  }
  const dialects = values.dialects?.split(',') ?? all
  const unknown = dialects.find((one) => !all.includes(one))
  if (unknown !== undefined) wrong(`--dialects: ${unknown} is unknown; use ${all.join(', ')}`)
  const { moves = 'host name' } = values
  if (moves !== 'release' && moves !== 'host name') wrong('--moves is "release" or "host name"')
  return {
    ...{
      dialects,
      moves,
      stay: values.stay,
      sockets: values.sockets,
      phones: whole('phones', values.phones, 20_000, 100),
    },
    ...{ seed: whole('seed', values.seed, 1, 0), port: whole('port', values.port, 8788, 0) },
  } as const
}

const { stay, ...chosen } = options()
const { folder } = temporaryFolder(chosen.phones)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))

const began = performance.now()
const { world, gateway, vendors, starts } = await tellMigration({
  ...chosen,
  ...{ habits: 'mixed', file: join(folder, 'pushport.db'), threaded: true },
  start: '2026-09-07T00:00:00.000Z',
  schedule: { before: 30, forward: 1, record: [3, 1, 6], shadow: 3, local: 2 },
  say: (line) => void process.stdout.write(`${line}\n`),
})
const seconds = Math.round((performance.now() - began) / 1000)
process.stdout.write(`\n${starts.toLocaleString('en')} starts of apps in ${seconds} seconds.\n`)
const faults = [vendors, gateway].flatMap(faultsOf)
if (stay) process.stdout.write('The console keeps running until Ctrl-C.\n')
else {
  await world.close()
  process.exit(faults.length > 0 ? 1 : 0)
}
