import { beforeAll, expect, test } from 'vitest'
import { createTenant, type Tenant } from './kit.ts'
import { putMany } from './many.ts'

const MIB = 1024 * 1024
const inUse = () => {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / MIB
}

const COUNT = 100_000
let t: Tenant
beforeAll(async () => {
  t = await createTenant()
  await putMany(t, COUNT, 1)
})

/** The list of 100,000 without `size`, read as a client reads that keeps nothing of it. */
test.each(['/devices', '/subscriptions'])(
  '%s without a size comes whole, in constant memory',
  async (path) => {
    const before = inUse()
    const started = performance.now()
    const answer = await t.send('GET', path)
    expect(answer.status).toBe(200)
    const decoder = new TextDecoder()
    let most = 0
    let bytes = 0
    let items = 0
    let end = ''
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      const text = decoder.decode(chunk, { stream: true })
      items += text.split('"createdMode":').length - 1
      end = (end + text).slice(-300)
      most = Math.max(most, inUse() - before)
    }
    const seconds = (performance.now() - started) / 1000
    expect(items).toBe(COUNT)
    expect(JSON.parse(`{${end.slice(end.indexOf('"pageInfo"'))}`)).toEqual({
      pageInfo: { count: String(COUNT), totalCount: String(COUNT), next: '', previous: '' },
    })
    // The text alone is many times as long; what is in use is a few parts and what the collector has not fetched yet.
    expect(bytes / MIB).toBeGreaterThan(25)
    expect(most, `${bytes / MIB} MiB in ${seconds} s`).toBeLessThan(120)
    if (process.env.SHOW_MEASUREMENTS) {
      process.stderr.write(
        `${path}: ${(bytes / MIB).toFixed(1)} MiB in ${seconds.toFixed(1)} s, ${most.toFixed(0)} MiB in use\n`,
      )
    }
  },
  120_000,
)
