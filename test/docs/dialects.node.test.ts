import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { references } from '../../adapters/references.ts'
import { referenceText } from '../../src/reference/document.ts'
import type { Operation } from '../../src/reference/reference.ts'
import { VERSION } from '../../src/version.ts'
import { checker, Described, type Document } from './described.ts'

const mountedAt = ({ path, mounted = [path.replace(/\{(\w+)\}/g, ':$1')] }: Operation) => mounted

/** Whether the answer says that the operation succeeded; some vendors answer errors with status 200. */
async function isAnswer({ answers }: Operation, answer: Response): Promise<boolean> {
  const text = await answer.text()
  return answers.some(
    ({ status, schema }) =>
      status === answer.status &&
      (!schema || schema.safeParse(text === '' ? undefined : JSON.parse(text)).success),
  )
}

test('every description in docs/openapi is of a dialect that is described', () => {
  expect(readdirSync('docs/openapi').sort()).toEqual(references.map((one) => `${one.dialect}.json`).sort())
})

describe.each(references.map((one) => [one.dialect, one] as const))('%s', (dialect, reference) => {
  const text = referenceText(reference, VERSION)
  const document: Document = JSON.parse(text)
  const { operations, left } = reference

  test('its document is what the adapter says: else `npm run openapi` writes it anew', () => {
    expect(readFileSync(`docs/openapi/${dialect}.json`, 'utf8') === text).toBe(true)
  })

  test('every route that is mounted is described or left out, and nothing else is', () => {
    const adapter = adapters.find(({ name }) => name === dialect)
    const mounted = (adapter?.routes().routes ?? []).map(({ method, path }) => `${method} ${path}`)
    const told = [
      ...operations.flatMap((one) => mountedAt(one).map((path) => `${one.method} ${path}`)),
      ...left.map(({ method, path }) => `${method} ${path}`),
    ]
    expect(mounted.length).toBeGreaterThan(5)
    expect([...new Set(told)].sort()).toEqual([...new Set(mounted)].sort())
  })

  test('no two operations have one name or one place', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
    expect(Object.values(document.paths).flatMap((one) => Object.keys(one)).length).toBe(operations.length)
  })

  test('every example of an answer is what its schema says', () => {
    const check = checker(document)
    const wrong = operations.flatMap(({ id, path, method }) =>
      Object.entries(document.paths[path]?.[method.toLowerCase()]?.responses ?? {}).flatMap(
        ([status, answer]) =>
          Object.values(answer.content ?? {}).flatMap(({ schema, example, examples = {} }) =>
            [
              ...(example === undefined ? [] : [example]),
              ...Object.values(examples).map(({ value }) => value),
            ]
              .map((one) => [id, status, check(schema, one)] as const)
              .filter(([, , faults]) => JSON.stringify(faults) !== '[]'),
          ),
      ),
    )
    expect(wrong).toEqual([])
  })

  describe.each(operations.map((one) => [one.id, one] as const))('%s', (_, operation) => {
    test('answers its example as described', async () => {
      const described = await Described.open(reference, document)
      const answer = await described.example(operation)
      expect([answer.status, await described.undescribed(operation, answer)]).toEqual([
        operation.answers[0]?.status,
        [],
      ])
    })

    test.each(Object.entries(operation.body?.others ?? {}))('answers as described: %s', async (_, form) => {
      const described = await Described.open(reference, document)
      const answer = await described.other(operation, form)
      expect([answer.status, await described.undescribed(operation, answer)]).toEqual([form.status, []])
    })

    if (operation.open)
      test('answers a caller that it does not know, too', async () => {
        const described = await Described.open(reference, document)
        const answer = await described.send(operation, { nobody: true })
        expect([answer.status, await described.undescribed(operation, answer)]).toEqual([
          operation.answers[0]?.status,
          [],
        ])
      })
    else
      test('refuses a caller that it does not know with an error that is described', async () => {
        const described = await Described.open(reference, document)
        const answer = await described.send(operation, { nobody: true })
        const copy = answer.clone()
        expect([answer.status, await described.undescribed(operation, answer)]).toEqual([
          expect.any(Number),
          [],
        ])
        expect(await isAnswer(operation, copy)).toBe(false)
      })

    if (operation.body)
      test('refuses a body that it cannot read with an error that is described', async () => {
        const described = await Described.open(reference, document)
        const answer = await described.send(operation, { body: '{"' })
        const copy = answer.clone()
        expect([answer.status, await described.undescribed(operation, answer)]).toEqual([
          expect.any(Number),
          [],
        ])
        expect(await isAnswer(operation, copy)).toBe(false)
      })
  })
})
