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
