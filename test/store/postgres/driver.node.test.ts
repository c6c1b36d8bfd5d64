import { beforeAll, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { ConstraintViolated } from '../../../src/store/sql/port.ts'
import { postgresMissing } from '../../harness/postgres/owner.ts'
import { openProxy } from '../../harness/postgres/proxy.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { addition, insertion, opened, owner, through } from './kit.ts'

const missing = postgresMissing()
const portOf = (url: string) => Number(new URL(url).port)

describe('a plan over PostgreSQL', () => {
  test.beforeEach((context) => context.skip(missing !== undefined, missing))
  let url: string
  beforeAll(async () => {
    if (missing === undefined) url = await freshDatabase()
  })

  test('is one turn of the conversation, also where its statements are new to the connection', async () => {
    const proxy = await openProxy(portOf(url))
    const db = await opened(through(url, proxy.port), { connections: 1 })
    const turnsOf = async (work: () => Promise<unknown>) => {
      const before = proxy.turns
      await work()
      return proxy.turns - before
    }
    expect(await turnsOf(() => db.commit([insertion('one'), addition('one'), owner('one')]))).toBe(1)
    expect(await turnsOf(() => db.commit([insertion('two'), addition('two'), owner('two')]))).toBe(1)
    expect(await turnsOf(() => db.read([owner('one')]))).toBe(1)
    expect(await turnsOf(() => db.read([owner('one'), owner('two')]))).toBe(1)
  })

  test('that fails leaves the connection of use, and its new statements prepared as they should be', async () => {
    const db = await opened(url, { connections: 1 })
    const twice = db.commit([insertion('failing'), addition('failing'), insertion('failing')])
    await expect(twice).rejects.toBeInstanceOf(ConstraintViolated)
    await db.commit([insertion('failing'), addition('failing', 'y')])
    expect(await db.read([owner('failing')])).toEqual([[{ app_id: 'ay' }]])
  })

  test('is made one after the other with those that decide by the same row, however many come at once', async () => {
    const db = await opened(url)
    await db.commit([insertion('shared', '')])
    await Promise.all(Array.from({ length: 60 }, () => db.commit([addition('shared')])))
    expect(await db.read([owner('shared')])).toEqual([[{ app_id: 'x'.repeat(60) }]])
  })

  test.each([
    ['a repeatable', true, 'axx'],
    ['any other', false, 'ax'],
  ])('whose answer is lost: %s one', async (_, repeatable, left) => {
    const name = `lost ${repeatable}`
    const proxy = await openProxy(portOf(url))
    const db = await opened(through(url, proxy.port))
    await db.commit([insertion(name)])
    let cuts = 1
    proxy.cutsAnswer = (sent) => sent.includes(name) && cuts-- > 0
    const outcome = await db.commit([addition(name)], { repeatable }).then(
      () => 'done',
      (error: unknown) => error,
    )
    if (repeatable) expect(outcome).toBe('done')
    else expect(outcome).toBeInstanceOf(StoreUnavailable)
    expect(await db.read([owner(name)])).toEqual([[{ app_id: left }]])
  })
})
