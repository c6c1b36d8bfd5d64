import type { Config } from '../config.ts'
import type { createSend } from '../events/deliver.ts'
import type { createTellFeed } from '../events/feed-call.ts'
import type { CopySender } from '../gateway/copies.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { workTable } from '../gateway/work.ts'
import type { Sending } from '../sending/sending.ts'
import type { Imports } from '../transfer/import/imports.ts'
import { createRunner } from '../work/runner.ts'
import { together } from '../work/together.ts'
import { everySoOften } from './interval.ts'
import type { Log } from './log.ts'

/** Limits of one maintenance run; the rest waits for the next. Each step holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }
/** Copies that are due within this time are claimed together, in milliseconds. */
const COPIES_TOGETHER = 100

interface Parts {
  readonly gateway: Gateway
  readonly sending: Sending
  readonly send: ReturnType<typeof createSend>
  readonly tell: ReturnType<typeof createTellFeed>
  readonly imports: Imports
  readonly copier: CopySender
}

/** Starts background work: work with `every` gets its own runner, the rest takes turns. */
export function startWork(
  config: Config,
  { gateway, sending, send, tell, imports, copier }: Parts,
  log: Log,
) {
  const failed = (name: string, err: unknown) => log.error({ chore: name, err }, 'maintenance')
  // A finished task frees a slot of its webhook or push service.
  const ended = (name: string) => (fault?: unknown) => {
    if (fault === undefined) wake(name)
    else failed(name, fault)
  }
  const table = workTable(gateway, {
    deliver: () => gateway.outbox.begin(send, ended('outbox')),
    tell: () => gateway.feedCalls.begin(tell, ended('feed')),
    async plan() {
      const planned = await sending.plan()
      if (planned) wake('sending')
      return planned
    },
    send: () => sending.begin(ended('sending')),
    import: imports.step,
    copy: () =>
      gateway.copies.begin(copier, (fault) => {
        if (fault === undefined) void lookForCopies()
        else failed('copies', fault)
      }),
  })
  const runners = new Map(
    table.all.flatMap(({ name, step, every }) => {
      if (every === undefined) return []
      const runner = createRunner(step, (err) => failed(name, err))
      return [[name, { runner, timer: setInterval(runner.wake, every) }] as const]
    }),
  )
  const wake = (name: string) => runners.get(name)?.runner.wake()
  gateway.messages.whenAccepted(() => wake('planning'))
  gateway.imports.whenQueued(() => wake('imports'))
  let looking = false
  // Copies have no waiting caller, so those of a short period are claimed together.
  const lookForCopies = async () => {
    if (looking) return
    looking = true
    await together(COPIES_TOGETHER)
    looking = false
    wake('copies')
  }
  gateway.copies.whenAdded(() => void lookForCopies())
  const shared = table.all.filter(({ name }) => !runners.has(name))
  const maintenance = everySoOften(config.maintenanceSeconds, async () => {
    const { done, faults } = await gateway.maintenance.run(BUDGET, shared)
    if (Object.keys(done).length > 0) log.info({ done }, 'maintenance')
    for (const { chore, error } of faults) failed(chore, error)
  })
  return {
    wakeJobs: () => wake(table.jobs.name),
    wakeCalls: () => wake(table.calls.name),
    /** Resolves when running work has ended; nothing further starts. */
    async stop() {
      const own = [...runners.values()]
      for (const { timer } of own) clearInterval(timer)
      await Promise.all([...own.map(({ runner }) => runner.stop()), maintenance.stop()])
      await Promise.all([
        ...[gateway.outbox.idle(), gateway.feedCalls.idle(), gateway.copies.idle()],
        sending.stop(),
      ])
      // Runs last, because it counts finished work.
      await table.gathered.step()
    },
  }
}

/** A gateway that only reads has no background work. */
export const NO_WORK: ReturnType<typeof startWork> = { wakeJobs() {}, wakeCalls() {}, async stop() {} }
