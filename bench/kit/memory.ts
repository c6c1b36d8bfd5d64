import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The peak memory of a process in bytes; if the system does not record that, its current memory. */
export function peakMemory(pid: number): number {
  try {
    const [, kib] = /VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    if (kib !== undefined) return Number(kib) * 1024
  } catch {
    // This system has no /proc.
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
}

/** Ticks per second in `/proc`, the same on every Linux. */
const TICKS = 100

/** The CPU time of a process so far, in milliseconds; NaN if the system does not report it. */
export function cpuTime(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS
  } catch {
    return Number.NaN
  }
}
