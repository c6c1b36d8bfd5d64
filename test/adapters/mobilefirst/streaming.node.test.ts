import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, expect, test } from 'vitest'
import { createTenant, type Tenant } from './kit.ts'
import { putMany } from './many.ts'

const MIB = 1024 * 1024
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** MiB in use, without garbage that has not been collected yet, as on a busy machine. */
function held(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / MIB
}

const COUNT = 100_000
/** MiB: a few parts of the list. Its text alone is larger. */
const BOUND = 25
let t: Tenant
beforeAll(async () => {
  t = await createTenant()
  await putMany(t, COUNT, 1)
})

/**
 * The most memory that the list of 100,000 without `size` uses, read by a client that passes on each part.
 */
async function reading(path: string, taken: (text: string) => void) {
  const before = held()
  const answer = await t.send('GET', path)
  expect(answer.status).toBe(200)
  const decoder = new TextDecoder()
  let most = 0
  let bytes = 0
  let measured = 0
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    taken(decoder.decode(chunk, { stream: true }))
    if (bytes - measured < MIB) continue
    measured = bytes
    most = Math.max(most, held() - before)
  }
  return { bytes, most: Math.max(most, held() - before) }
}

test.each(['/devices', '/subscriptions'])(
  '%s without a size comes whole, in constant memory',
  async (path) => {
    let items = 0
    let end = ''
    const { bytes, most } = await reading(path, (text) => {
      items += text.split('"createdMode":').length - 1
      end = (end + text).slice(-300)
    })
    expect(items).toBe(COUNT)
    expect(JSON.parse(`{${end.slice(end.indexOf('"pageInfo"'))}`)).toEqual({
      pageInfo: { count: String(COUNT), totalCount: String(COUNT), next: '', previous: '' },
    })
    expect(bytes / MIB).toBeGreaterThan(BOUND)
    expect(most, `MiB held, of ${bytes / MIB}`).toBeLessThan(BOUND)
  },
  300_000,
)

test('a list that is held whole would be seen', async () => {
  const all: Uint8Array[] = []
  const { most } = await reading('/devices', (text) => void all.push(Buffer.from(text)))
  expect(all.length).toBeGreaterThan(0)
  expect(most).toBeGreaterThan(BOUND)
}, 600_000)
