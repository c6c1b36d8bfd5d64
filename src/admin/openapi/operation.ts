import type { ExtractSchema } from 'hono/types'
import type * as z from 'zod'
import type { Code } from '../../domain/error.ts'
import type { Asked } from '../../wire/check.ts'
import type { AdminApi } from '../routes.ts'

/** A call of the admin API in words. What it asks for is read from the route itself. */
export interface Operation<Query extends string = string> {
  /** The name that generated clients give it. */
  readonly id: string
  readonly summary: string
  readonly description?: string
  /** Every query parameter of the route. */
  readonly query: Readonly<Record<Query, Parameter>>
  /** The members of the body, by their path with dots or, where it means the same everywhere, their name. */
  readonly body?: Readonly<Record<string, string>>
  /** The body in words, where it is a file. */
  readonly file?: string
  /** A JSON body, or the text of a file, that the route accepts. Every call with a body has one. */
  readonly example?: unknown
  /** The query parameters of the example. */
  readonly exampleQuery?: Readonly<Partial<Record<Query, string>>>
  readonly answers: Readonly<Record<number, Answered>>
  /** Why this call may be refused, besides what any call may and what `problemsOf` adds for what it asks. */
  readonly problems: readonly Code[]
}

/** A parameter in words; with a schema where the one of its text would say less. */
export type Parameter = string | { readonly is: string; readonly schema: Readonly<Record<string, unknown>> }

export interface Answered {
  readonly is: string
  /** One of the named schemas, or several; absent where the answer has no body. */
  readonly schema?: z.ZodType | readonly z.ZodType[]
  /** The media types in which the same comes as well, or alone where there is no schema. */
  readonly stream?: string | readonly string[]
  /** What it is, where it is no JSON document; `schema` is that of one line. */
  readonly media?: string
  /** Headers of this answer, in words. */
  readonly headers?: Readonly<Record<string, string>>
}

type Api = Omit<ExtractSchema<AdminApi>, '*'>
type QueryOf<Endpoint> = Endpoint extends { input: { query: infer Query } } ? keyof Query & string : never

/** Every call of some routes: without one of them, or one of its parameters, it does not compile. */
export type Operations<Path extends keyof Api = keyof Api> = {
  readonly [P in Path]: {
    readonly [Method in keyof Api[P] as Method extends `$${infer Name}` ? Name : never]: Operation<
      QueryOf<Api[P][Method]>
    >
  }
}

/** What any call may be refused for. */
const ALWAYS: readonly Code[] = [
  'bad_path',
  'unauthorized',
  'forbidden',
  'header_too_large',
  'rate_limited',
  'internal',
  'unavailable',
]
const FOR_BODY: readonly Code[] = ['bad_media_type', 'bad_body', 'too_large', 'invalid']

/** Every reason for which a call may be refused. */
export function problemsOf({ problems }: Operation, asked: readonly Asked[]): ReadonlySet<Code> {
  const of = ({ target }: Asked): readonly Code[] => (target === 'json' ? FOR_BODY : ['invalid'])
  return new Set([...ALWAYS, ...asked.flatMap(of), ...problems])
}
