import { execFileSync } from 'node:child_process'
import { arch, cpus, loadavg, totalmem, type } from 'node:os'
import { setTimeout } from 'node:timers/promises'

export interface Machine {
  readonly node: string
  readonly cpu: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly system: string
  readonly commit: string
  readonly date: string
  /**
   * Runnable processes in the minute before the run; a value well above zero means that others used the
   * machine.
   */
  readonly loadBefore: number
}

export function machine(): Machine {
  const all = cpus()
  return {
    node: process.version,
    cpu: all[0]?.model.trim() || 'unknown',
    cpus: all.length,
    memoryBytes: totalmem(),
    system: `${type()} ${arch()}`,
    commit: commit(),
    date: new Date().toISOString(),
    loadBefore: Number(loadavg()[0]?.toFixed(2) ?? 0),
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

const QUIET = 0.3
export const isBusy = ({ loadBefore }: Machine): boolean => loadBefore > QUIET

/** Most minutes until a machine that is not used by others is quiet again, and the seconds between two looks. */
const MOST_MINUTES = 3
const EVERY_SECONDS = 5

/** Waits until the load of the last minute is gone: that of preparing the checkout, for instance. */
export async function quiet(say: (line: string) => void): Promise<void> {
  const until = performance.now() + MOST_MINUTES * 60_000
  const isQuiet = () => (loadavg()[0] ?? 0) <= QUIET
  if (!isQuiet()) say(`Waits up to ${MOST_MINUTES} minutes for a load of at most ${QUIET}.`)
  while (!isQuiet() && performance.now() < until) await setTimeout(EVERY_SECONDS * 1000)
}

export const machineText = (one: Machine): string =>
  [
    `${one.cpus} × ${one.cpu}, ${Math.round(one.memoryBytes / 2 ** 30)} GiB, ${one.system}, Node.js ${one.node}`,
    `commit ${one.commit}, ${one.date.slice(0, 10)}, load before the run ${one.loadBefore}`,
  ].join('; ')
