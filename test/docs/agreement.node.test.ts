import { describe, expect, test } from 'vitest'
import { references } from '../../adapters/references.ts'
import { referenceText } from '../../src/reference/document.ts'
import { requestSchema } from '../../src/reference/json-schema.ts'
import type { Operation } from '../../src/reference/reference.ts'
import { Described, type Document } from './described.ts'
import { DISAGREEMENTS } from './disagreements.ts'
import { type Case, mutations } from './mutations.ts'

/** Packets have no optional members; test/docs/remoting sends each of their calls. */
const isJson = ({ body }: Operation) => body !== undefined && body.media === undefined
const isForm = ({ body }: Operation) => /form/.test(body?.media ?? '')

/** A form only has texts: each member is omitted, empty or changed, and one is added. */
function formCases(examples: readonly Readonly<Record<string, string>>[]) {
  return examples.flatMap((example, at) => {
    const changed = Object.keys(example).flatMap((name) => {
      const { [name]: _, ...others } = example
      return [
        { title: `${name}: left out`, body: others },
        { title: `${name}: empty`, body: { ...example, [name]: '' } },
        { title: `${name}: words`, body: { ...example, [name]: 'words' } },
      ]
    })
    const all = [
      { title: 'the example', body: example },
      { title: 'unknown', body: { ...example, zz: '1' } },
    ]
    return [...all, ...changed].map(({ title, body }) => ({ title: `${title} (${at + 1})`, body }))
  })
}

describe.each(references.map((one) => [one.dialect, one] as const))('%s', (dialect, reference) => {
  const document: Document = JSON.parse(referenceText(reference, '0'))
  const rows = DISAGREEMENTS[dialect] ?? []
  const needed = new Set<unknown>()

  /**
   * Sends each body and validates it against the document, too; returns disagreements without a known reason.
   */
  async function judge(described: Described, operation: Operation, cases: readonly Case[], before = false) {
    const judged = { taken: 0, refused: 0 }
    const unexplained: string[] = []
    for (const { title, body } of cases) {
      if (before)
        await described.before(Object.values(operation.body?.others ?? {})[0]?.after ?? operation.after)
      const says = described.takes(operation, body)
      const does = await described.taken(operation, body)
      judged[does ? 'taken' : 'refused']++
      if (says === does) continue
      const refuses = says ? 'gateway' : 'document'
      const row = rows.find(
        (one) => one.refuses === refuses && one.operations.test(operation.id) && one.cases.test(title),
      )
      if (row && does !== null) needed.add(row)
      else unexplained.push(`${title}: the document says ${says}, the gateway ${does}`)
    }
    expect(unexplained).toEqual([])
    // Valid and invalid bodies were among them.
    expect(Math.min(judged.taken, judged.refused)).toBeGreaterThan(0)
  }

  test.each(reference.operations.filter(isJson).map((one) => [one.id, one] as const))(
    'the document and the gateway take and refuse the same bodies of %s',
    async (_, operation) => {
      const { schema, example, others = {} } = operation.body ?? {}
      if (!schema) throw new Error('It has no body.')
      const examples = [example, ...Object.values(others).map((other) => other.example)]
      const cases = mutations(requestSchema(schema), examples)
      expect(cases.length).toBeGreaterThan(15)
      const described = await Described.open(reference, document)
      await described.before(operation.after)
      await judge(described, operation, cases)
    },
    300_000,
  )

  const forms = reference.operations.filter(isForm).map((one) => [one.id, one] as const)
  if (forms.length > 0)
    test.each(forms)(
      'the document and the gateway take and refuse the same forms of %s',
      async (_, operation) => {
        const { example, others = {} } = operation.body ?? {}
        const examples = [example, ...Object.values(others).map((other) => other.example)]
        const cases = formCases(examples as Readonly<Record<string, string>>[])
        // A code can be redeemed only once, so the calls before are repeated for each.
        await judge(await Described.open(reference, document), operation, cases, true)
      },
    )

  test('every disagreement that is named is one', () => {
    expect(
      rows.filter((row) => !needed.has(row)).map(({ operations, cases }) => [operations, cases]),
    ).toEqual([])
  })
})
