import { describe, expect, test } from 'vitest'
import { references } from '../../adapters/references.ts'
import { referenceText } from '../../src/reference/document.ts'
import { requestSchema } from '../../src/reference/json-schema.ts'
import type { Operation } from '../../src/reference/reference.ts'
import { Described, type Document } from './described.ts'
import { DISAGREEMENTS } from './disagreements.ts'
import { mutations } from './mutations.ts'

/** Forms and packets have texts alone, or no members that JSON could leave out. */
const isJson = ({ body }: Operation) => body !== undefined && body.media === undefined

describe.each(references.map((one) => [one.dialect, one] as const))('%s', (dialect, reference) => {
  const document: Document = JSON.parse(referenceText(reference, '0'))
  const rows = DISAGREEMENTS[dialect] ?? []
  const needed = new Set<unknown>()

  test.each(reference.operations.filter(isJson).map((one) => [one.id, one] as const))(
    'the document and the gateway take and refuse the same bodies of %s',
    async (id, operation) => {
      const { schema, example, others = {} } = operation.body ?? {}
      if (!schema) throw new Error('It has no body.')
      const examples = [example, ...Object.values(others).map((other) => other.example)]
      const cases = mutations(requestSchema(schema), examples)
      expect(cases.length).toBeGreaterThan(15)
      const described = await Described.open(reference, document)
      await described.before(operation.after)
      const judged = { taken: 0, refused: 0 }
      const unexplained: string[] = []
      for (const { title, body } of cases) {
        const says = described.takes(operation, body)
        const does = await described.taken(operation, body)
        judged[does ? 'taken' : 'refused']++
        if (says === does) continue
        const refuses = says ? 'gateway' : 'document'
        const row = rows.find(
          (one) => one.refuses === refuses && one.operations.test(id) && one.cases.test(title),
        )
        if (row && does !== null) needed.add(row)
        else unexplained.push(`${title}: the document says ${says}, the gateway ${does}`)
      }
      expect(unexplained).toEqual([])
      // Both kinds were among them.
      expect(judged).toEqual({ taken: expect.any(Number), refused: expect.any(Number) })
      expect(Math.min(judged.taken, judged.refused)).toBeGreaterThan(0)
    },
    300_000,
  )

  test('every disagreement that is named is one', () => {
    expect(
      rows.filter((row) => !needed.has(row)).map(({ operations, cases }) => [operations, cases]),
    ).toEqual([])
  })
})
