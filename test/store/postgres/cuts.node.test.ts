import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { openProxy } from '../../harness/postgres/proxy.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { addition, insertion, opened, owner, through } from './kit.ts'

const missing = postgresMissing()
const PLANS = 300
/** One of every so many messages is lost. */
const EVERY = 7

describe.each(['locks', 'serializable'] as const)('connections that are cut, with %s', (exact) => {
  skipWhere(missing)

  test.each([
    ['before the server has the commit', 'cutsBefore'],
    ['before the gateway has the answer', 'cutsAnswer'],
  ] as const)('%s: no plan runs twice, and none that was acknowledged is lost', async (_, where) => {
    const url = await freshDatabase()
    const proxy = await openProxy(Number(new URL(url).port))
    const db = await opened(through(url, proxy.port), { exact, connections: 5 })
    await db.commit([insertion('marks', '')])
    let messages = 0
    proxy[where] = (sent) => sent.includes('marks') && ++messages % EVERY === 0
    const acknowledged: string[] = []
    const lost: unknown[] = []
    const plans = Array.from({ length: PLANS }, async (_, at) => {
      await new Promise((resume) => setTimeout(resume, at * 3))
      const mark = `<${at}>`
      await db.commit([addition('marks', mark)]).then(
        () => acknowledged.push(mark),
        (error: unknown) => lost.push(error),
      )
    })
    await Promise.all(plans)
    expect(lost.every((error) => error instanceof StoreUnavailable)).toBe(true)
    expect(lost.length).toBeGreaterThan(5)
    proxy[where] = () => false
    const [[row]] = await db.read([owner('marks')])
    const marks = row?.app_id.match(/<\d+>/g) ?? []
    expect(marks).toHaveLength(new Set(marks).size)
    expect(marks).toEqual(expect.arrayContaining(acknowledged))
    // A call that was cut off before it was sent has not been executed either.
    if (where === 'cutsBefore') expect(marks).toHaveLength(acknowledged.length)
  })
})
