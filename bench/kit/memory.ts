import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The most memory that a process has held, in bytes; where the system does not keep that, what it holds now. */
export function peakMemory(pid: number): number {
  try {
    const [, kib] = /VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    if (kib !== undefined) return Number(kib) * 1024
  } catch {
    // No /proc on this system.
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
}

/** Ticks a second in `/proc`, the same on every Linux. */
const TICKS = 100

/** The CPU time that a process has taken so far, in milliseconds; not a number where the system does not tell. */
export function cpuTime(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS
  } catch {
    return Number.NaN
  }
}
