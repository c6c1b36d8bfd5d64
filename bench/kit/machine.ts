import { execFileSync } from 'node:child_process'
import { arch, cpus, loadavg, totalmem, type } from 'node:os'

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

export const isBusy = ({ loadBefore }: Machine): boolean => loadBefore > 0.3

export const machineText = (one: Machine): string =>
  [
    `${one.cpus} × ${one.cpu}, ${Math.round(one.memoryBytes / 2 ** 30)} GiB, ${one.system}, Node.js ${one.node}`,
    `commit ${one.commit}, ${one.date.slice(0, 10)}, load before the run ${one.loadBefore}`,
  ].join('; ')
