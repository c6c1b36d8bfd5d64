import { command, REMOTE } from '../command.ts'
import { chosenContext } from '../contexts.ts'
import { EXIT, Fault } from '../faults.ts'
import { answered, type Remote, remoteAt } from '../gateway.ts'
import { createOutput } from '../output.ts'

interface Check {
  readonly check: string
  readonly ok: boolean
  /** What was found or, where it is not well, what to do. */
  readonly told: string
}

/** A clock that is wrong by more than this breaks signed tokens, in seconds. */
const SKEW = 30
const LONGEST = 10_000

const well = (check: string, told: string): Check => ({ check, ok: true, told })
const ill = (check: string, told: string): Check => ({ check, ok: false, told })

export const doctor = command({
  name: 'doctor',
  is: 'Looks whether a gateway is well: its answers, its store, its clock, the admin token, and its push services.',
  args: REMOTE,
  examples: ['pushport doctor', 'pushport doctor --url https://gw.example --json'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const context = chosenContext(process.env, args)
    const checks = [...(await health(context.url)), ...(await inside(remoteAt(context)))]
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

/** What anybody sees from here. */
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
        `${base} does not answer within ${LONGEST / 1000} s: is it running, and is this its outer address?`,
      ),
    ]
  }
  if (!alive.ok)
    return [ill('reachable', `${base}/healthz answers ${alive.status}: something else is there.`)]
  const { version } = (await alive.json().catch(() => ({}))) as { version?: string }
  const date = Date.parse(alive.headers.get('date') ?? '')
  const skew = Math.abs(Date.now() - date) / 1000
  const ready = await get('/readyz').catch(() => null)
  const state = (await ready?.text().catch(() => '')) ?? ''
  return [
    version ? well('reachable', `version ${version}`) : ill('reachable', `${base} is no gateway.`),
    ready?.ok ? well('store', state || 'answers') : ill('store', state || '/readyz does not answer.'),
    ...(Number.isNaN(date)
      ? []
      : [
          skew <= SKEW
            ? well('clock', `${Math.round(skew)} s from this machine's`)
            : ill('clock', `${Math.round(skew)} s from this machine's: set both by NTP.`),
        ]),
    /^https:|\/\/(127\.|localhost|\[::1\])/.test(base)
      ? well('transport', base)
      : ill(
          'transport',
          `${base} is not encrypted: phones refuse it, and everybody on the way reads the admin token.`,
        ),
  ]
}

/** What the admin token shows. */
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
