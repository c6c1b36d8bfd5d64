import type { Hono } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { Problem } from '../../src/admin/answers/log.ts'
import { type Operation, problemsOf } from '../../src/admin/openapi/operation.ts'
import { OPERATIONS } from '../../src/admin/openapi/operations.ts'
import { problemType } from '../../src/admin/problem.ts'
import { askedBy } from '../../src/wire/check.ts'

const BASE = '/admin/v1'

interface Call {
  readonly method: string
  /** With `/admin/v1`, as it was sent. */
  readonly path: string
}

/**
 * Throws if an answer of the admin API differs from the OpenAPI document of its route: another status, a
 * missing or additional member, an undocumented problem. Ignores unsuccessful answers to unknown routes.
 */
export async function checkAnswer(app: Hono<AppEnv>, { method, path }: Call, response: Response) {
  const [pathname = ''] = path.split('?')
  if (!pathname.startsWith(`${BASE}/`) || method === 'HEAD') return
  const name = `${method} ${pathname}: ${response.status}`
  const [pattern, operation] = operationOf(method, pathname.slice(BASE.length)) ?? []
  if (!pattern || !operation) {
    if (response.ok) throw new Error(`${name} is an answer of no route that is described`)
    return
  }
  // A stream may never end.
  const streams = [operation.answers[response.status]?.stream ?? []].flat()
  if (streams.some((one) => response.headers.get('content-type')?.startsWith(one))) return
  const text = await response.clone().text()
  const fault = response.ok
    ? answerFault(operation, response, text)
    : problemFault(response, text, problemsOf(operation, askedOf(app, method, BASE + pattern)))
  if (fault !== null) throw new Error(`${name} is not as described: ${fault}\n${text.slice(0, 2000)}`)
}

function operationOf(method: string, path: string): [string, Operation] | undefined {
  const segments = path.split('/')
  for (const [pattern, methods] of Object.entries(OPERATIONS)) {
    const names = pattern.split('/')
    const operation = methods[method.toLowerCase()]
    const matches = names.every((one, at) => (one.startsWith(':') ? segments[at] : one === segments[at]))
    if (operation && matches && names.length === segments.length) return [pattern, operation]
  }
  return undefined
}

const askedOf = (app: Hono<AppEnv>, method: string, path: string) =>
  app.routes
    .filter((route) => route.method === method && route.path === path)
    .flatMap(({ handler }) => askedBy(handler) ?? [])

function answerFault({ answers }: Operation, { status, headers }: Response, text: string): string | null {
  const answer = answers[status]
  if (!answer) return 'no such status'
  const schemas = [answer.schema ?? []].flat()
  if (schemas.length === 0) return text === '' ? null : 'there is a body'
  if (answer.media !== undefined) {
    if (headers.get('content-type') !== answer.media) return `it is ${headers.get('content-type')}`
    const lines =
      answer.media === 'application/x-ndjson' ? text.split('\n').filter((line) => line !== '') : []
    const wrong = lines
      .map((line) => JSON.parse(line))
      .map((one) => schemas.map((each) => each.safeParse(one)))
    const fault = wrong.find((results) => results.every(({ success }) => !success))
    return fault ? fault.map(({ error }) => error?.message).join('\n') : null
  }
  if (headers.get('content-type') !== 'application/json') return `it is ${headers.get('content-type')}`
  const document: unknown = JSON.parse(text)
  const results = schemas.map((schema) => schema.safeParse(document))
  return results.some(({ success }) => success) ? null : results.map(({ error }) => error?.message).join('\n')
}

function problemFault(
  { status }: Response,
  text: string,
  codes: ReturnType<typeof problemsOf>,
): string | null {
  const problem = Problem.safeParse(JSON.parse(text))
  if (!problem.success) return problem.error.message
  if (problem.data.status !== status) return `it says ${problem.data.status}`
  return [...codes].map(problemType).includes(problem.data.type) ? null : `${problem.data.type} is not listed`
}
