import { readFileSync } from 'node:fs'
import { inside, roomOf } from './imports.ts'
import { ROOMS } from './rooms.ts'

/** The page whose parts between `<!-- drawn: … -->` and `<!-- /drawn -->` are generated from the code. */
export const PAGE = 'docs/architecture.md'

const link = (path: string): string => `[${path}](../${path})`

/** All rooms, highest floor first. */
function rooms(): string {
  return Object.entries(ROOMS)
    .toSorted(([a, one], [b, other]) => other.floor - one.floor || a.localeCompare(b))
    .map(([room, { floor, says }]) => {
      const below = standsOn(room)
      return `- ${floor} ${link(room)}: ${says}${below && `. Imports ${below}`}`
    })
    .join('\n')
}

/** The rooms that a room imports; in brackets those from which it needs only types. */
function standsOn(room: string): string {
  const needed = new Map<string, boolean>()
  for (const { file, target, typeOnly } of inside) {
    const other = roomOf(target)
    if (roomOf(file) !== room || other === undefined || other === room) continue
    needed.set(other, (needed.get(other) ?? true) && typeOnly)
  }
  const name = (of: string) => `\`${of.replace(/^src\//, '').replace(/\/$/, '')}\``
  const of = (types: boolean) =>
    [...needed].filter(([, only]) => only === types).map(([other]) => name(other))
  const [code, types] = [of(false).sort().join(' '), of(true).sort().join(' ')]
  return types === '' ? code : `${code} (${types})`.trim()
}

/** A step of a path: a file, and a name in it that does what the step describes. */
interface Step {
  readonly file: string
  readonly name: string
  readonly does: string
}

/** One registration, from the socket to the file, in the first dialect. */
const REGISTRATION: readonly Step[] = [
  { file: 'src/node/http-server.ts', name: 'httpServer', does: 'accepts the connection, on Node' },
  { file: 'src/worker-gateway.ts', name: 'fetch', does: 'the same on Workers' },
  {
    file: 'src/http/app.ts',
    name: 'createApp',
    does: 'finds the dialect by the path, and answers calls that belong to none',
  },
  {
    file: 'adapters/pusher-beams/device-routes.ts',
    name: 'deviceRoutes',
    does: 'checks the request, and answers it in the dialect’s shape',
  },
  {
    file: 'src/gateway/devices.ts',
    name: 'register',
    does: 'one read to see whether anything changed; most calls end here',
  },
  { file: 'src/store/contract/devices.ts', name: 'DeviceStore', does: 'the contract of the store' },
  {
    file: 'src/store/sql/stores/registration.ts',
    name: 'registrationPlan',
    does: 'the plan: the statements and their order',
  },
  {
    file: 'src/store/sql/statements/devices.ts',
    name: 'putDeviceByKey',
    does: 'the statements, each with its own conditions',
  },
  {
    file: 'src/store/sqlite/writer/group-commit.ts',
    name: 'commit',
    does: 'runs the plan in a transaction, with other waiting plans',
  },
]

/** How a change reaches an app's back end. */
const WEBHOOK: readonly Step[] = [
  {
    file: 'src/store/sql/statements/webhooks.ts',
    name: 'announceRegistered',
    does: 'writes the call together with the change that it reports',
  },
  {
    file: 'src/store/sql/statements/outbox.ts',
    name: 'claimCalls',
    does: 'claims due calls: a lane and a circuit breaker per webhook',
  },
  {
    file: 'src/gateway/outbox.ts',
    name: 'createOutbox',
    does: 'starts the calls, records their results, and schedules retries',
  },
  { file: 'src/events/deliver.ts', name: 'createSend', does: 'makes the call: the dialect’s body, signed' },
]

function way(steps: readonly Step[]): string {
  return steps
    .map(({ file, name, does }, at) => {
      if (!new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8')))
        throw new Error(`${name} is not in ${file}`)
      return `${at + 1}. ${link(file)} \`${name}\`: ${does}`
    })
    .join('\n')
}

const DRAWINGS: Record<string, () => string> = {
  rooms,
  registration: () => way(REGISTRATION),
  webhook: () => way(WEBHOOK),
}

/** The page with its generated parts up to date. */
export function drawn(page: string): string {
  return page.replace(
    /(<!-- drawn: (\w+) -->\n)[\s\S]*?(<!-- \/drawn -->)/g,
    (_, head, name: string, end) => {
      const draw = DRAWINGS[name]
      if (!draw) throw new Error(`nothing draws ${name}`)
      return `${head}\n${draw()}\n\n${end}`
    },
  )
}
