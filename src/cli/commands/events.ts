import type { components } from '../../client/client.ts'
import { APP, command, REMOTE } from '../command.ts'
import { EXIT, Fault } from '../faults.ts'
import { answered, type Remote, remote } from '../gateway.ts'
import { createOutput, type Output } from '../output.ts'

type FeedPage = components['schemas']['FeedPage']
type FeedEvent = components['schemas']['FeedEvent']

/** How long one request waits for an event, in seconds. */
const WAIT = 25
const LONGEST_PAUSE = 30_000

export const events = command({
  name: 'events',
  is: 'Shows the events of an app’s devices, from the oldest one kept.',
  args: {
    ...REMOTE,
    ...APP,
    follow: { type: 'boolean', alias: 'f', description: 'Keeps waiting for new events until interrupted.' },
    after: {
      type: 'string',
      valueHint: 'CURSOR',
      description:
        'Starts after this position: the `cursor` of an event, or `latest`. With --follow, the default is `latest`.',
    },
  },
  examples: ['pushport events shop --follow', 'pushport events shop --json > events.ndjson'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const gateway = remote(args)
    const app = await gateway.appId(args.app)
    const follow = args.follow === true
    let after = args.after ?? (follow ? 'latest' : 'start')
    for (;;) {
      const page = await patiently(follow, output, () =>
        pageOf(gateway, { app, after, wait: follow ? WAIT : 0 }),
      )
      if (!page.complete) output.note('Some earlier events are no longer stored.')
      for (const event of page.events) await show(output, event)
      after = page.next
      if (!follow && !page.more) return
    }
  },
})

async function pageOf(
  { client }: Remote,
  { app, after, wait }: { app: string; after: string; wait: number },
) {
  const params = { path: { app }, query: { after, wait, limit: 100 } }
  return answered(await client.GET('/apps/{app}/events', { params })) as FeedPage
}

/** Following events continues after a restart of the gateway. */
async function patiently<T>(follow: boolean, output: Output, ask: () => Promise<T>): Promise<T> {
  for (let pause = 1000; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await ask()
    } catch (error) {
      if (!follow || !(error instanceof Fault) || error.exit !== EXIT.unreachable) throw error
      output.note(`${error.message} Retrying in ${pause / 1000} s.`)
      await new Promise((resume) => setTimeout(resume, pause))
    }
  }
}

function show(output: Output, event: FeedEvent): Promise<void> {
  const { at, kind, dialect, externalId, deviceId, cause } = event
  const line = [at, kind, dialect ?? '-', externalId ?? deviceId ?? '-', cause].join('  ')
  return output.write(`${output.json ? JSON.stringify(event) : line.replace(/\p{Cc}/gu, '\uFFFD')}\n`)
}
