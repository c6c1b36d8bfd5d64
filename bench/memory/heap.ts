import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { dialects } from '../dialects/index.ts'
import { openWithin } from '../kit/within.ts'
import { bare, type Shot } from '../load/shot.ts'
import { fresh } from '../seed/phone.ts'
import { makeTemplates } from '../seed/template.ts'

export interface HeapOptions {
  readonly requests: number
  /** How often the heap is measured, at equal intervals; the last time at the end. */
  readonly samples: number
  readonly say?: (line: string) => void
}

/** Devices that register in turn, so that each returns several times and the database stays small. */
const DEVICES = 2000

/** The heap in use, after garbage collection. */
function heapInUse(collect: () => void): number {
  // The second collection removes what the first one finalised.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** Sends the given number of requests, a third of which fail, through the product in this process. */
export async function heapOver(file: string, { requests, samples, say }: HeapOptions) {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const { documents } = await makeTemplates(file)
  const within = openWithin({ file })
  const shot = (k: number): Shot => {
    const { register, name } = dialects[k % dialects.length] ?? {}
    if (!register || !name) throw new Error('no dialect')
    // Values that are unique to a request: a path, a credential, an unknown app.
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
