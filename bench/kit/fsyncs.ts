import { once } from 'node:events'
import { launch } from './child.ts'

/** Counts the disk syncs of a process while `during` runs; null if strace is missing or not permitted. */
export async function countSyncs(pid: number, during: () => Promise<void>): Promise<number | null> {
  const args = ['-f', '-q', '-e', 'trace=fsync,fdatasync', '-p', String(pid)]
  const tracer = launch('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  let missing = false
  tracer.once('error', () => {
    missing = true
  })
  tracer.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  // Waits until it is attached to every thread.
  await new Promise((resume) => setTimeout(resume, 150))
  await during()
  if (missing || tracer.exitCode !== null) return null
  tracer.kill('SIGINT')
  await once(tracer, 'close')
  return [...text.matchAll(/f(?:data)?sync\([0-9]+\)?/g)].length
}
