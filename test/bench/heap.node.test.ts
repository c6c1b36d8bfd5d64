import { join } from 'node:path'
import { expect, test } from 'vitest'
import { heapOver } from '../../bench/memory/heap.ts'
import { temporaryFolder } from '../harness/process.ts'

const REQUESTS = 6000

test('requests of all kinds leave nothing behind: the heap is what it was, however many come', async () => {
  const { heap } = await heapOver(join(temporaryFolder(), 'heap.db'), { requests: REQUESTS, samples: 3 })
  // The first third fills everything that is bounded. One kilobyte kept per request would be two megabytes.
  const grown = (heap.at(-1) ?? 0) - (heap.at(0) ?? 0)
  expect(grown, heap.join()).toBeLessThan(REQUESTS * 300)
})
