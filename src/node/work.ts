import type { Config } from '../config.ts'
import type { createSend } from '../events/deliver.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { workTable } from '../gateway/work.ts'
import { createRunner } from '../work/runner.ts'
import { everySoOften } from './interval.ts'
import type { Log } from './log.ts'

/** One run of the maintenance; what it leaves waits for the next. Each piece holds the event loop for a few milliseconds. */
const BUDGET = { milliseconds: 5000, steps: 200 }

/** Starts the work that is done without a request: some of it with runners of its own, the rest in turns. */
export function startWork(config: Config, gateway: Gateway, send: ReturnType<typeof createSend>, log: Log) {
  const failed = (name: string, err: unknown) => log.error({ chore: name, err }, 'maintenance')
  const table = workTable(gateway, () =>
    gateway.outbox.begin(send, (fault) => {
      // A call that has ended makes room in its webhook's lane.
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
    /** Resolves once what is running has ended; nothing follows. */
    async stop() {
      const own = [...runners.values()]
      for (const { timer } of own) clearInterval(timer)
      await Promise.all([...own.map(({ runner }) => runner.stop()), maintenance.stop()])
      await gateway.outbox.idle()
    },
  }
}
