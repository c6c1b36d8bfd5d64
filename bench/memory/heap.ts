import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { dialects } from '../dialects/index.ts'
import { openWithin } from '../kit/within.ts'
import { bare, type Shot } from '../load/shot.ts'
import { fresh } from '../seed/phone.ts'
import { makeTemplates } from '../seed/template.ts'

export interface HeapOptions {
  readonly requests: number
  /** How often the heap is measured, at equal distances; last at the end. */
  readonly samples: number
  readonly say?: (line: string) => void
}

/** Devices that register; a request more, and one of them comes back, so that the store stays small. */
const DEVICES = 2000

/** The heap in use, without what nothing refers to any more. */
function heapInUse(collect: () => void): number {
  // What the first one finalises goes with the second.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** Sends so many requests, of which each third is one that fails, through the product in this process. */
export async function heapOver(file: string, { requests, samples, say }: HeapOptions) {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const { documents } = await makeTemplates(file)
  const within = openWithin({ file })
  const shot = (k: number): Shot => {
    const { register, name } = dialects[k % dialects.length] ?? {}
    if (!register || !name) throw new Error('no dialect')
    // What a request brings that no other has: a path, a credential, an app that nobody knows.
    if (k % 3 === 0)
      return bare('GET', `/json/1.3/none${k}/${k}?q=${k}`, { Authorization: `Bearer wrong-${k}` })
    return register(documents, fresh(0, k % DEVICES))
  }
  const heap: number[] = []
  try {
    for (let k = 0; k < requests; k++) {
      const answer = await within.send(shot(k))
      await answer.arrayBuffer()
      if ((k + 1) % Math.floor(requests / samples) === 0) {
        heap.push(heapInUse(collect))
        say?.(`${(k + 1).toLocaleString('en')} requests: ${((heap.at(-1) ?? 0) / 1e6).toFixed(1)} MB`)
      }
    }
  } finally {
    await within.close()
  }
  return { heap }
}
