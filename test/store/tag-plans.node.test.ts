import { beforeAll, describe, expect, test } from 'vitest'
import { openDb } from '#runtime'
import type { Db } from '../../src/store/sql/port.ts'
import { catalogue, explained } from './catalogue.ts'

interface Step {
  readonly id: number
  readonly parent: number
  readonly detail: string
}

/** The loops of each level of a plan, outermost first. */
function loops(steps: readonly Step[]): string[][] {
  const parents = [...new Set(steps.map(({ parent }) => parent))]
  return parents.map((parent) =>
    steps
      // A condition that is evaluated once appears among them as `EXISTS`.
      .filter((step) => step.parent === parent && /^(SCAN|SEARCH) (?!.*EXISTS)/.test(step.detail))
      .map(({ detail }) => detail),
  )
}

/** The list of changes, by its alias; those of candidates and elements have other aliases. */
const CHANGES = /^SCAN j VIRTUAL TABLE/

describe('A1, hostile F1: a statement that is given a list of changes', () => {
  let db: Db
  beforeAll(async () => {
    db = await openDb()
  })
  const stepsOf = async (name: string) => {
    const statement = catalogue.find((one) => one[0] === name)?.[1]
    if (!statement) throw new Error(`no ${name}`)
    const [steps] = await db.read([explained<Step>('EXPLAIN QUERY PLAN', statement)])
    return steps
  }
  const given = catalogue.filter(([, { binds }]) => binds.includes('changes')).map(([name]) => name)

  test('is found in every kind, for a device and for a user', () => {
    expect(given).toEqual(
      expect.arrayContaining(['tags.deviceTags.stamp', 'tags.userTags.subtract', 'tags.userTags.fix']),
    )
    expect(given.length).toBeGreaterThanOrEqual(18)
  })

  test.each(given)('reads the list once, in the outermost loop: %s', async (name) => {
    const steps = await stepsOf(name)
    const levels = loops(steps).filter((level) => level.some((detail) => CHANGES.test(detail)))
    expect(levels.length).toBeGreaterThan(0)
    for (const level of levels) expect(CHANGES.test(level[0] ?? '')).toBe(true)
    expect(levels.flat().filter((detail) => CHANGES.test(detail))).toHaveLength(levels.length)
  })

  test.each(given)('looks in no list again for each element: %s', async (name) => {
    const details = (await stepsOf(name)).map(({ detail }) => detail)
    expect(details.filter((detail) => /CORRELATED LIST/.test(detail))).toEqual([])
  })
})
