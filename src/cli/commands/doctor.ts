import { contracts } from '../../../vendors/conformance/index.ts'
import { newPhone, registered } from '../../conformance/calls.ts'
import { callerAt } from '../caller.ts'
import { type Check, ill, localChecks, OUTSIDE, SKEW, well } from '../checks.ts'
import { command, REMOTE } from '../command.ts'
import { chosenContext } from '../contexts.ts'
import { parts } from '../document.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { answered, type Remote, remoteAt } from '../gateway.ts'
import { createOutput } from '../output.ts'

const LONGEST = 10_000

export const doctor = command({
  name: 'doctor',
  is: 'Checks a gateway: its answers, database, clock, admin token and push services.',
  args: {
    ...REMOTE,
    local: {
      type: 'boolean',
      description:
        'Checks the gateway on this machine without the admin API: configuration, database, migrations, keys, disk, clock and outbound connections.',
    },
    outside: {
      type: 'string',
      valueHint: 'URLS',
      description:
        'With --local: the URLs that must be reachable, separated by commas; the push services by default.',
    },
    register: {
      type: 'boolean',
      description:
        'Creates a temporary app, registers a simulated phone in each of its dialects, and deletes the app.',
    },
  },
  examples: [
    'pushport doctor --register',
    'pushport doctor --url https://gw.example --json',
    'DATABASE_URL=file:/var/lib/pushport/pushport.db pushport doctor --local',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const checks = args.local
      ? await localChecks(process.env, outsideOf(args.outside))
      : await remoteChecks(args)
    if (output.json)
      output.rows(
        checks.map((one) => ({ ...one })),
        [],
      )
    else
      for (const { check, ok, told } of checks)
        output.say(null, `${ok ? 'ok    ' : 'FAULT '} ${check}: ${told}`)
    return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.attention
  },
})

async function remoteChecks(args: {
  readonly url?: string | undefined
  readonly context?: string | undefined
  readonly register?: boolean | undefined
}): Promise<readonly Check[]> {
  const context = chosenContext(process.env, args)
  const gateway = remoteAt(context)
  const checks = [...(await health(context.url)), ...(await inside(gateway))]
  return args.register && checks.every(({ ok }) => ok)
    ? [...checks, ...(await registrations(gateway))]
    : checks
}

function outsideOf(given: string | undefined): readonly string[] {
  const places = parts(given) ?? OUTSIDE
  const wrong = places.find((place) => !/^https?:\/\/[^/]/.test(place))
  if (wrong !== undefined) throw usage(`--outside: ${wrong} is not a URL.`)
  return places
}

/** One phone in each dialect, as its SDK would register it. */
async function registrations({ client, url }: Remote): Promise<readonly Check[]> {
  const dialects = Object.entries(contracts).map(([name, { setup }]) => [name, setup?.() ?? {}])
  const body = { name: 'doctor', dialects: Object.fromEntries(dialects) }
  const made = answered(await client.POST('/apps', { body }))
  const checks: Check[] = []
  try {
    for (const [name, samples] of Object.entries(contracts)) {
      const h = callerAt(url.replace(/\/+$/, ''))
      const dialect =
        (made.dialects as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[name] ?? {}
      const check = `registration ${name}`
      try {
        const headers = (await samples.headers?.(h, dialect)) ?? {}
        await registered({ h, dialect, headers }, samples, newPhone())
        checks.push(well(check, 'is taken'))
      } catch (error) {
        checks.push(ill(check, error instanceof Error ? error.message : String(error)))
      }
    }
  } finally {
    await client.DELETE('/apps/{app}', { params: { path: { app: made.id } } })
  }
  return checks
}

/** Checks that need no token. */
async function health(url: string): Promise<readonly Check[]> {
  const base = url.replace(/\/+$/, '')
  const get = (path: string) => fetch(`${base}${path}`, { signal: AbortSignal.timeout(LONGEST) })
  let alive: Response
  try {
    alive = await get('/healthz')
  } catch {
    return [
      ill(
        'reachable',
        `No answer from ${base} within ${LONGEST / 1000} s: is the gateway running, and is this its public URL?`,
      ),
    ]
  }
  if (!alive.ok) return [ill('reachable', `${base}/healthz answers ${alive.status}: this is not a gateway.`)]
  const { version } = (await alive.json().catch(() => ({}))) as { version?: string }
  const date = Date.parse(alive.headers.get('date') ?? '')
  const skew = Math.abs(Date.now() - date) / 1000
  const ready = await get('/readyz').catch(() => null)
  const state = (await ready?.text().catch(() => '')) ?? ''
  return [
    version ? well('reachable', `version ${version}`) : ill('reachable', `${base} is not a gateway.`),
    ready?.ok ? well('store', state || 'answers') : ill('store', state || '/readyz does not answer.'),
    ...(Number.isNaN(date)
      ? []
      : [
          skew <= SKEW
            ? well('clock', `${Math.round(skew)} s from this machine's`)
            : ill('clock', `${Math.round(skew)} s from this machine's: synchronize both with NTP.`),
        ]),
    /^https:|\/\/(127\.|localhost|\[::1\])/.test(base)
      ? well('transport', base)
      : ill(
          'transport',
          `${base} is not encrypted: phones refuse it, and the admin token can be read in transit.`,
        ),
  ]
}

/** Checks that need the admin token. */
async function inside({ client }: Remote): Promise<readonly Check[]> {
  const checks: Check[] = []
  try {
    let cursor: string | undefined
    do {
      const query = { limit: 100, ...(cursor && { cursor }) }
      const page = answered(await client.GET('/apps', { params: { query } }))
      if (checks.length === 0) checks.push(well('admin token', 'is taken'))
      for (const app of page.apps) {
        const params = { path: { app: app.id } }
        const { providers } = answered(await client.GET('/apps/{app}/providers', { params }))
        for (const { kind, state, reason } of providers) {
          const check = `push service ${kind} of ${app.name}`
          checks.push(
            state === 'ok' ? well(check, 'ok') : ill(check, `${state}${reason ? `: ${reason}` : ''}`),
          )
        }
      }
      cursor = page.nextCursor
    } while (cursor !== undefined)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    checks.push(ill(checks.length === 0 ? 'admin token' : 'admin API', error.message))
  }
  return checks
}
