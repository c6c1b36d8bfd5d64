import type * as z from 'zod'

/** What a dialect's API takes and answers. No running gateway reads it: OpenAPI documents and tests are made from it. */
export interface Reference {
  readonly dialect: string
  readonly title: string
  readonly description: string
  /** As OpenAPI has security schemes, by name. */
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Answers that several operations share, by name. */
  readonly schemas: Readonly<Record<string, z.ZodType>>
  /** Every error, by a name of the adapter's own table. */
  readonly faults: Readonly<Record<string, Refusal>>
  /** The errors that any operation may answer. */
  readonly always: readonly string[]
  readonly operations: readonly Operation[]
  /** Routes that are mounted and not described. */
  readonly left: readonly LeftOut[]
}

export interface Refusal {
  readonly status: number
  readonly schema: z.ZodType
  readonly example: unknown
  /** Where it is not JSON. */
  readonly media?: string
}

export interface LeftOut {
  readonly method: string
  /** As it is mounted. */
  readonly path: string
  readonly why: string
}

export interface Operation {
  readonly id: string
  readonly method: string
  /** The public path, with parameters in braces. */
  readonly path: string
  /** Where the adapter mounts it; the public path where left out. */
  readonly mounted?: readonly string[]
  /** Other public paths of the same operation. */
  readonly also?: readonly string[]
  readonly summary: string
  readonly description?: string
  /** Where the contract has it. */
  readonly section: string
  /** Names of credentials, any one of which will do; none where a device needs none. */
  readonly credentials: readonly string[]
  /** Of the path, and of headers. */
  readonly parameters?: Readonly<Record<string, Parameter>>
  /** The schema with which the adapter reads the query. */
  readonly query?: z.ZodType
  readonly body?: Body
  /** The status that the example gets comes first. */
  readonly answers: readonly Answer[]
  /** Besides those of any operation. */
  readonly errors?: readonly string[]
  /** Operations without which the example would fail, in their order. */
  readonly after?: readonly string[]
  /** What later examples need of the answer: parameters by the member that has them; `@Name` is a header. */
  readonly gives?: Readonly<Record<string, string>>
  /** Answers a stranger as it answers anybody. */
  readonly open?: true
}

export interface Parameter {
  readonly is: string
  readonly example: string
  /** In the path where left out. */
  readonly in?: 'query' | 'header'
  /** All values that there are. */
  readonly oneOf?: readonly string[]
  /** Of the query or a header: whether there is no call without it. */
  readonly required?: true
}

export interface Body {
  /** JSON where left out. */
  readonly media?: string
  readonly schema: z.ZodType
  readonly example: unknown
  /** Other forms of the call, by what each does. */
  readonly others?: Readonly<Record<string, OtherForm>>
}

export interface OtherForm {
  readonly example: unknown
  /** The answer that it gets. */
  readonly status: number
  /** Parameters of the query that belong to it. */
  readonly query?: Readonly<Record<string, string>>
  /** Operations without which it would fail, instead of those of the operation. */
  readonly after?: readonly string[]
  /** Sent without a credential. */
  readonly nobody?: true
}

export interface Answer {
  readonly status: number
  readonly is: string
  /** Absent where the answer has no body. */
  readonly schema?: z.ZodType
  readonly media?: string
  readonly example?: unknown
}
