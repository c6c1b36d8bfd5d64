import type { Code } from '../../domain/error.ts'
import { groupedBy } from '../../domain/groups.ts'
import { reference } from '../../reference/json-schema.ts'
import type { Asked } from '../../wire/check.ts'
import { CODES } from '../answers/log.ts'
import { PROBLEMS, problemType } from '../problem.ts'
import { type Answered, type Operation, problemsOf } from './operation.ts'
import { PROBLEM_TEXTS } from './problems.ts'
import { referenceTo } from './schemas.ts'

const text = (description: string) => ({ description, schema: { type: 'string' } })
const REQUEST_ID = { $ref: '#/components/headers/X-Request-Id' }
const RETRY_AFTER = { $ref: '#/components/headers/Retry-After' }
export const HEADERS = {
  'X-Request-Id': text(
    'The id of the request in the log: the caller’s own `X-Request-Id` if it is valid (up to 128 plain characters), otherwise one that the gateway generates.',
  ),
  'Retry-After': {
    description: 'The number of seconds to wait before trying again.',
    schema: { type: 'integer', minimum: 1 },
  },
}
/** The codes with a `Retry-After`. */
const WAITING: ReadonlySet<Code> = new Set(['rate_limited', 'unavailable'])

/** Every answer of a call: its own, and a problem for every other status. */
export function responses(operation: Operation, asked: readonly Asked[]) {
  const problems = byStatus(problemsOf(operation, asked))
  return {
    ...Object.fromEntries(Object.entries(operation.answers).map(([status, of]) => [status, answer(of)])),
    ...Object.fromEntries(
      problems.map(([status, codes]) => [status, { $ref: `#/components/responses/${nameOf(codes)}` }]),
    ),
  }
}

/** The problems of calls, by their name in `responses`. */
export const problemResponses = (calls: readonly ReadonlySet<Code>[]) =>
  Object.fromEntries(calls.flatMap(byStatus).map(([, codes]) => [nameOf(codes), problem(codes)]))

/** Always in the same order, so that equal sets of codes have the same name. */
const byStatus = (codes: ReadonlySet<Code>): readonly (readonly [number, readonly Code[]])[] => [
  ...groupedBy(
    CODES.filter((one) => codes.has(one)),
    (code) => PROBLEMS[code][0],
  ),
]

const nameOf = (codes: readonly Code[]): string =>
  codes
    .map((code) => code.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()))
    .join('Or')

function answer({ is, schema = [], stream = [], media = 'application/json', headers = {} }: Answered) {
  const streams = [stream].flat()
  const schemas = [schema].flat().map(referenceTo)
  const own = Object.entries(headers).map(([name, of]) => [name, text(of)])
  return {
    description: is,
    headers: { 'X-Request-Id': REQUEST_ID, ...Object.fromEntries(own) },
    ...((schemas.length > 0 || streams.length > 0) && {
      content: {
        ...(schemas.length > 0 && {
          [media]: { schema: schemas.length > 1 ? { anyOf: schemas } : schemas[0] },
        }),
        ...Object.fromEntries(streams.map((one) => [one, { schema: { type: kindOf(one) } }])),
      },
    }),
  }
}

/** JSON in another system's format is an object; every other file is text or bytes. */
const kindOf = (media: string) => (media === 'application/json' ? 'object' : 'string')

const problem = (codes: readonly Code[]) => ({
  description: codes.map((code) => `\`${problemType(code)}\`: ${PROBLEM_TEXTS[code]}`).join('\n\n'),
  headers: {
    'X-Request-Id': REQUEST_ID,
    ...(codes.some((code) => WAITING.has(code)) && { 'Retry-After': RETRY_AFTER }),
  },
  content: { 'application/problem+json': { schema: reference('Problem') } },
})
