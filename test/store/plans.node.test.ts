import { beforeAll, describe, expect, test } from 'vitest'
import { openDb } from '#runtime'
import type { Db } from '../../src/store/sql/port.ts'
import { catalogue, explained } from './catalogue.ts'

/** Statements that must read much of a table, and why. */
const WHOLE: readonly { readonly what: RegExp; readonly why: string }[] = [
  { what: /^removals\./, why: 'a piece takes the next rows of an index, no more than a batch' },
  { what: /^holdings\.(app|dialect)Counts\./, why: 'an operator asks what a removal would take' },
  { what: /^import-shadow\.(drop|end)/, why: 'a piece takes the next rows of an app that nobody has' },
  {
    what: /^upkeep\.(dropHistory|noteDropped)$/,
    why: 'it reads a batch of the oldest rows, in their own order',
  },
]

/** Tables that grow with devices; the others are as small as the number of apps. */
const BIG = /^(devices|push_tokens|subscriptions|tags|receipts|events|[dtopsenxycr])$/

describe('the query plan', () => {
  let db: Db
  beforeAll(async () => {
    db = await openDb()
  })
  const stepsOf = async (name: string) => {
    const statement = catalogue.find((one) => one[0] === name)?.[1]
    if (!statement) throw new Error(`no ${name}`)
    const [steps] = await db.read([explained<{ detail: string }>('EXPLAIN QUERY PLAN', statement)])
    return steps.map((step) => step.detail)
  }

  const narrow = catalogue.map(([name]) => name).filter((name) => !WHOLE.some(({ what }) => what.test(name)))
  test.each(narrow)('of %s walks no big table', async (name) => {
    expect((await stepsOf(name)).filter(walks)).toEqual([])
  })

  test.each(['user', 'all'])(
    'of a client’s list (%s) reads no topics and no tags (A5, hostile F7)',
    async (of) => {
      for (const part of ['rows', 'count', 'end']) {
        const steps = await stepsOf(`client-list.clientStep.${of}.${part}`)
        expect(steps.filter((step) => /subscriptions|tags/.test(step))).toEqual([])
      }
    },
  )

  test.each(['user', 'all'])(
    'of a client’s list (%s) takes its next places as an index has them, however many share a time (issue 8)',
    async (of) => {
      const steps = await stepsOf(`client-list.clientStep.${of}.count`)
      expect(steps.filter((step) => /^SEARCH d USING COVERING INDEX/.test(step))).toHaveLength(2)
      expect(steps.filter((step) => /TEMP B-TREE/.test(step))).toEqual([])
    },
  )

  test.each(WHOLE)('of $what may walk one: $why', async ({ what }) => {
    const names = catalogue.map(([name]) => name).filter((name) => what.test(name))
    const walking = await Promise.all(names.map(async (name) => (await stepsOf(name)).some(walks)))
    // An entry in the list that is no longer needed fails, too.
    expect(walking).toContain(true)
  })
})

/** A scan of a table, or a search that is only restricted to an app or a dialect. */
function walks(detail: string): boolean {
  const [, how, table = ''] = detail.match(/^(SCAN|SEARCH) (\S+)/) ?? []
  if (!BIG.test(table) || /VIRTUAL TABLE|autoindex_app_dialects/.test(detail)) return false
  return how === 'SCAN' || /\((app_id=\?)?( AND )?(dialect=\?)?\)/.test(detail)
}
