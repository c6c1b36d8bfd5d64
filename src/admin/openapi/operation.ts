import type { ExtractSchema } from 'hono/types'
import type * as z from 'zod'
import type { Code } from '../../domain/error.ts'
import type { Asked } from '../../wire/check.ts'
import type { AdminApi } from '../routes.ts'

/** The description of an admin API call. Its parameters and body are read from the route itself. */
export interface Operation<Query extends string = string> {
  /** Its name in generated clients. */
  readonly id: string
  readonly summary: string
  readonly description?: string
  /** Every query parameter of the route. */
  readonly query: Readonly<Record<Query, Parameter>>
  /** The members of the body, by their path with dots or, if the meaning is the same everywhere, by name. */
  readonly body?: Readonly<Record<string, string>>
  /** The description of the body, if it is a file. */
  readonly file?: string
  /**
   * An example that the route accepts: a JSON body, or the text of a file. Every call with a body has one.
   */
  readonly example?: unknown
  /** The query parameters of the example. */
  readonly exampleQuery?: Readonly<Partial<Record<Query, string>>>
  readonly answers: Readonly<Record<number, Answered>>
  /**
   * Reasons for refusal, in addition to those of every call and those that `problemsOf` derives from its
   * parameters.
   */
  readonly problems: readonly Code[]
}

/** The description of a parameter, with a schema if the generated one would say less. */
export type Parameter = string | { readonly is: string; readonly schema: Readonly<Record<string, unknown>> }

export interface Answered {
  readonly is: string
  /** One or more of the named schemas; absent if the answer has no body. */
  readonly schema?: z.ZodType | readonly z.ZodType[]
  /** Further media types for the same content, or the only ones if there is no schema. */
  readonly stream?: string | readonly string[]
  /** The description of an answer that is not a JSON document; `schema` is that of one line. */
  readonly media?: string
  /** Descriptions of this answer's headers. */
  readonly headers?: Readonly<Record<string, string>>
}

type Api = Omit<ExtractSchema<AdminApi>, '*'>
type QueryOf<Endpoint> = Endpoint extends { input: { query: infer Query } } ? keyof Query & string : never

/** All calls of some routes: does not compile if a call or one of its parameters is missing. */
export type Operations<Path extends keyof Api = keyof Api> = {
  readonly [P in Path]: {
    readonly [Method in keyof Api[P] as Method extends `$${infer Name}` ? Name : never]: Operation<
      QueryOf<Api[P][Method]>
    >
  }
}

/** The reasons for which every call may be refused. */
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

/** All reasons for which a call may be refused. */
export function problemsOf({ problems }: Operation, asked: readonly Asked[]): ReadonlySet<Code> {
  const of = ({ target }: Asked): readonly Code[] => (target === 'json' ? FOR_BODY : ['invalid'])
  return new Set([...ALWAYS, ...asked.flatMap(of), ...problems])
}
