import type { Budget, Report, Work } from './work.ts'

interface Turn {
  readonly work: Work
  /** Remaining steps in this run. */
  readonly left: number
}

/**
 * Runs work round robin within a budget, so that no work starves the rest. `trusted` returns whether the clock can be
 * trusted; it is called at most once, and only if some work depends on it.
 */
export async function runInTurns(
  table: readonly Work[],
  budget: Budget,
  trusted: () => Promise<boolean>,
): Promise<Report> {
  const done: Record<string, number> = {}
  const faults: { chore: string; error: unknown }[] = []
  const end = performance.now() + budget.milliseconds
  const waiting: Turn[] = table.map((work) => ({ work, left: work.most ?? budget.steps }))
  let more = false
  let clock: Promise<boolean> | undefined

  async function piece({ ages, step }: Work): Promise<number> {
    if (!ages) return Number(await step())
    clock ??= trusted()
    return (await clock) ? Number(await step()) : 0
  }

  for (let step = 0; step < budget.steps && performance.now() < end; step++) {
    const next = waiting.shift()
    if (!next) break
    const { work, left } = next
    try {
      const did = await piece(work)
      if (did === 0) continue
      done[work.name] = (done[work.name] ?? 0) + did
      if (left > 1) waiting.push({ work, left: left - 1 })
      else more = true
    } catch (error) {
      faults.push({ chore: work.name, error })
    }
  }
  return { done, faults, more: more || waiting.length > 0 }
}
