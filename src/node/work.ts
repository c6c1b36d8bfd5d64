import type { Config } from '../config.ts'
import type { createSend } from '../events/deliver.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { createRunner } from '../runner.ts'
import { everySoOften } from './interval.ts'
import type { Log } from './log.ts'

/** How soon a job goes on that was left waiting: by a restart, or by a fault of the store. */
const JOBS_EVERY = 15_000
/** How soon a webhook's call is tried that waits for its next attempt, or was left by a restart. */
const CALLS_EVERY = 1000

/** How soon the rest of a large removal follows its answer. */
const REMOVALS_EVERY = 1000
/** One run of the maintenance; what it leaves waits for the next. Each piece holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }
/** What is done without a request: bulk jobs, webhooks, expiry and retention. */
export function startWork(config: Config, gateway: Gateway, send: ReturnType<typeof createSend>, log: Log) {
  const jobs = createRunner(gateway.jobs.step, (err) => log.error({ err }, 'job'))
  // A call that ends makes room in its webhook's lane.
  const failed = (err: unknown) => log.error({ err }, 'outbox')
  const calls = createRunner(
    () => gateway.outbox.begin(send, (fault) => (fault === undefined ? calls.wake() : failed(fault))),
    failed,
  )
  const removals = createRunner(gateway.maintenance.remove, (err) => log.error({ err }, 'removals'))
  const timers = [
    setInterval(jobs.wake, JOBS_EVERY),
    setInterval(calls.wake, CALLS_EVERY),
    setInterval(removals.wake, REMOVALS_EVERY),
  ]
  const maintenance = everySoOften(config.maintenanceSeconds, async () => {
    const { done, faults } = await gateway.maintenance.run(BUDGET)
    if (Object.keys(done).length > 0) log.info({ done }, 'maintenance')
    for (const { chore, error } of faults) log.error({ chore, err: error }, 'maintenance')
  })
  return {
    jobs,
    calls,
    /** Resolves once what runs has ended; nothing follows. */
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all([jobs.stop(), calls.stop(), removals.stop(), maintenance.stop()])
      await gateway.outbox.idle()
    },
  }
}
