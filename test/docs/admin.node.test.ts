import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CASES, type Case } from './admin-cases.ts'
import { openWorld } from './admin-world.ts'
import { checker } from './described.ts'

interface Call {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: string }[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { schema: unknown; example?: unknown }>>
  }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Readonly<Record<string, { schema: unknown }>>
        readonly headers?: Readonly<Record<string, unknown>>
      }
    >
  >
}

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'))
const check = checker(document)
const calls = Object.entries<Record<string, Call>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, call]) => ({ path, method: method.toUpperCase(), call })),
)

/** The first part of an event stream, which may never end; otherwise the whole answer. */
async function textOf(answer: Response, media: string): Promise<string> {
  if (media !== 'text/event-stream') return answer.text()
  const reader = answer.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}

const valuesOf = (media: string, text: string): readonly unknown[] => {
  if (media === 'application/x-ndjson')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  return [media === 'application/json' ? JSON.parse(text) : text]
}

async function send(path: string, method: string, call: Call, { place, query, headers, ...one }: Case) {
  const world = await openWorld(place ?? 'harness')
  const parts: Readonly<Record<string, string>> = { app: world.app.id, ...(await one.before?.(world)) }
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? ''))
  const examples = (call.parameters ?? []).flatMap(({ name, example }) =>
    example === undefined ? [] : [[name, example]],
  )
  const search = new URLSearchParams({ ...Object.fromEntries(examples), ...query })
  const [{ schema, example } = { schema: undefined, example: undefined }] = Object.values(
    call.requestBody?.content ?? {},
  )
  if (example !== undefined) expect(check(schema, example)).toEqual([])
  const body = one.body ? { ...(example as object), ...(await one.body(world)) } : example
  return world.admin(method, `${filled}?${search}`, {
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  })
}

test('every success of every call of the admin API has a case', () => {
  const needed = calls.flatMap(({ call: { operationId, responses } }) =>
    Object.entries(responses).flatMap(([status, { content }]) => {
      const medias = Object.keys(content ?? {})
      if (!status.startsWith('2')) return []
      return medias.length > 1
        ? medias.map((media) => `${operationId} ${status} ${media}`)
        : [`${operationId} ${status}`]
    }),
  )
  const cases = Object.entries(CASES).flatMap(([id, all]) =>
    all.map(({ status, media }) => `${id} ${status}${media ? ` ${media}` : ''}`),
  )
  expect([...new Set(cases)].sort()).toEqual(needed.sort())
})

describe.each(calls)('$method $path', ({ path, method, call }) => {
  test.each((CASES[call.operationId] ?? []).map((one) => [one.status, one.media ?? '', one] as const))(
    'with its example answers %i %s as described',
    async (status, wanted, one) => {
      const answer = await send(path, method, call, one)
      const media = answer.headers.get('Content-Type')?.split(';')[0] ?? ''
      const text = await textOf(answer, media)
      expect([answer.status, text]).toEqual([status, expect.any(String)])
      const { content, headers = {} } = call.responses[String(status)] ?? {}
      for (const name of Object.keys(headers)) expect(answer.headers.has(name), name).toBe(true)
      if (!content) return expect([media, text]).toEqual(['', ''])
      expect(Object.keys(content)).toContain(media)
      if (wanted !== '') expect(media).toBe(wanted)
      expect(text).not.toBe('')
      for (const value of valuesOf(media, text)) expect(check(content[media]?.schema, value)).toEqual([])
    },
  )
})
