import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { neighbours } from '../../formats/index.ts'
import { openApiDocument, openApiText } from '../../src/admin/openapi/document.ts'
import { OPERATIONS } from '../../src/admin/openapi/operations.ts'
import { VERSION } from '../../src/version.ts'
import { askedBy } from '../../src/wire/check.ts'
import { createHarness } from '../harness/harness.ts'

const BASE = '/admin/v1'
const METHODS = ['get', 'post', 'put', 'patch', 'delete']

interface Part {
  readonly [name: string]: unknown
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Part>>
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly schema: { type?: string; minimum?: number; maximum?: number; default?: unknown }
}
interface Call {
  readonly operationId: string
  readonly summary?: string
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<Record<string, { $ref?: string; description?: string }>>
}

const document = openApiDocument({ adapters, neighbours, version: VERSION })
// As a reader of the file sees it, without our types.
const read = JSON.parse(JSON.stringify(document))
const calls = Object.entries<Record<string, Call>>(read.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, call]) => ({ name: `${method.toUpperCase()} ${path}`, call })),
)

/** Every part of the document, with its path. */
function parts(of: unknown, way = ''): { way: string; part: Part }[] {
  if (typeof of !== 'object' || of === null) return []
  const inside = Object.entries(of).flatMap(([name, value]) => parts(value, `${way}/${name}`))
  return Array.isArray(of) ? inside : [{ way, part: of as Part }, ...inside]
}

async function mounted() {
  const { app } = await createHarness()
  return app.routes.filter(
    ({ path, method }) => path.startsWith(`${BASE}/`) && METHODS.includes(method.toLowerCase()),
  )
}

test('docs/openapi.json is what the routes are: else `npm run openapi` writes it anew', () => {
  expect(
    readFileSync('docs/openapi.json', 'utf8') === openApiText({ adapters, neighbours, version: VERSION }),
  ).toBe(true)
})

test('the types of the client are those of docs/openapi.json: else `npm run openapi` writes them anew', () => {
  const hash = createHash('sha256').update(readFileSync('docs/openapi.json')).digest('hex')
  expect(readFileSync('src/client/paths.d.mts', 'utf8')).toContain(`// ${hash}\n`)
})

test('every call of the admin API that is mounted is described, and every one that is described is mounted', async () => {
  const routes = (await mounted()).map(({ method, path }) => `${method} ${path.slice(BASE.length)}`)
  const told = Object.entries(OPERATIONS).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect([...new Set(routes)].sort()).toEqual(told.sort())
  expect(calls.map(({ name }) => name.replace(/\{(\w+)\}/g, ':$1')).sort()).toEqual(told)
})

test('every call, parameter, member and answer is described', () => {
  const silent = parts(read).flatMap(({ way, part }) => {
    // The dialects of an app are references to schemas that exist.
    if (way.endsWith('/dialects')) return []
    const members = Object.entries(part.properties ?? {}).filter(
      ([, member]) => member.description === undefined,
    )
    return members.map(([name]) => `${way}/${name}`)
  })
  expect(silent).toEqual([])
  for (const { name, call } of calls) {
    expect([name, call.summary]).toEqual([name, expect.stringMatching(/^[A-Z].*[^.]$/)])
    for (const parameter of call.parameters ?? [])
      expect([name, parameter]).toEqual([
        name,
        expect.objectContaining({ description: expect.stringMatching(/\.$/) }),
      ])
  }
})

test('every reference leads somewhere, and no two calls have one name', () => {
  const followed = (ref: string) =>
    ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], read)
  const references = parts(read).flatMap(({ part }) => (typeof part.$ref === 'string' ? [part.$ref] : []))
  expect(references.length).toBeGreaterThan(100)
  expect(references.filter((ref) => followed(ref) === undefined)).toEqual([])
  expect(new Set(calls.map(({ call }) => call.operationId)).size).toBe(calls.length)
})

describe.each(calls)('$name', ({ name, call }) => {
  test('tells of every status that any call may have', () => {
    for (const status of ['400', '401', '429', '431', '500', '503'])
      expect([status, call.responses[status]?.$ref]).toEqual([status, expect.any(String)])
  })

  test('takes its numbers and switches exactly as told', async () => {
    const path = BASE + name.replace(/^\S+ /, '').replace(/\{(\w+)\}/g, ':$1')
    const [method] = name.split(' ')
    const routes = (await mounted()).filter((one) => one.path === path && one.method === method)
    const query = routes
      .flatMap(({ handler }) => askedBy(handler) ?? [])
      .find(({ target }) => target === 'query')
    for (const { name, in: where, schema } of call.parameters ?? []) {
      if (where !== 'query') continue
      const taken = (value?: unknown) =>
        query?.schema.safeParse(value === undefined ? {} : { [name]: String(value) })
      if (schema.default !== undefined) expect(taken()?.data).toMatchObject({ [name]: schema.default })
      if (schema.type === 'boolean')
        for (const value of [true, false]) expect(taken(value)?.data).toMatchObject({ [name]: value })
      if (schema.minimum === undefined || schema.maximum === undefined) continue
      for (const value of [schema.minimum, schema.maximum])
        expect(taken(value)?.data).toMatchObject({ [name]: value })
      for (const value of [schema.minimum - 1, schema.maximum + 1])
        expect([value, taken(value)?.success]).toEqual([value, false])
    }
  })
})
