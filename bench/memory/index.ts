import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { data } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { heapOver } from './heap.ts'

const REQUESTS = 2_000_000
const QUICK = 50_000

/** The heap over millions of requests: if it grows, something is kept per request. */
export async function memory({ quick }: Options, say: (line: string) => void): Promise<null> {
  const file = join(data('work'), `${process.pid}-heap.db`)
  try {
    await heapOver(file, { requests: quick ? QUICK : REQUESTS, samples: 20, say })
  } finally {
    for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true })
  }
  return null
}
