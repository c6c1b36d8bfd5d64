import type { Config } from '../config.ts'
import type { createSend } from '../events/deliver.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { workTable } from '../gateway/work.ts'
import { createRunner } from '../work/runner.ts'
import { everySoOften } from './interval.ts'
import type { Log } from './log.ts'

/** Limits of one maintenance run; the rest waits for the next. Each step holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }

/** Starts background work: work with `every` gets its own runner, the rest takes turns. */
export function startWork(config: Config, gateway: Gateway, send: ReturnType<typeof createSend>, log: Log) {
  const failed = (name: string, err: unknown) => log.error({ chore: name, err }, 'maintenance')
  const table = workTable(gateway, () =>
    gateway.outbox.begin(send, (fault) => {
      // An ended call frees a slot of its webhook.
      if (fault === undefined) wake(table.calls.name)
      else failed(table.calls.name, fault)
    }),
  )
  const runners = new Map(
    table.all.flatMap(({ name, step, every }) => {
      if (every === undefined) return []
      const runner = createRunner(step, (err) => failed(name, err))
      return [[name, { runner, timer: setInterval(runner.wake, every) }] as const]
    }),
  )
  const wake = (name: string) => runners.get(name)?.runner.wake()
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
      await gateway.outbox.idle()
    },
  }
}
