import { expect, test } from 'vitest'
import { openDb } from '#runtime'
import * as alike from '../../src/store/sql/statements/alike.ts'
import { explained } from './catalogue.ts'

test.each(Object.entries(alike))(
  'A5: a registration of a person with 50,000 devices looks only at those that are alike, by their own index: %s',
  async (_, statement) => {
    const [steps] = await (await openDb()).read([
      explained<{ detail: string }>('EXPLAIN QUERY PLAN', statement),
    ])
    const searched = steps.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) o\b/.test(detail))
    const index = expect.stringMatching(
      /devices_alike \(app_id=\? AND dialect=\? AND user_id=\? AND platform=\? AND name=\? AND model=\?\)/,
    )
    expect(searched).toEqual([index])
  },
)
