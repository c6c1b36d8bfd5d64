import type * as z from 'zod'

/**
 * The requests and answers of a dialect's API. No running gateway reads this; it is the source of OpenAPI
 * documents and tests.
 */
export interface Reference {
  readonly dialect: string
  readonly title: string
  readonly description: string
  /** As in OpenAPI's security schemes, by name. */
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Answers shared by several operations, by name. */
  readonly schemas: Readonly<Record<string, z.ZodType>>
  /** Every error, by a name from the adapter's own table. */
  readonly faults: Readonly<Record<string, Refusal>>
  /** The errors that every operation may answer. */
  readonly always: readonly string[]
  readonly operations: readonly Operation[]
  /** Routes that are mounted but not described. */
  readonly left: readonly LeftOut[]
}

export interface Refusal {
  readonly status: number
  readonly schema: z.ZodType
  readonly example: unknown
  /** For answers that are not JSON. */
  readonly media?: string
}

export interface LeftOut {
  readonly method: string
  /** The route as it is mounted. */
  readonly path: string
  readonly why: string
}

export interface Operation {
  readonly id: string
  readonly method: string
  /** The public path, with parameters in braces. */
  readonly path: string
  /** Where the adapter mounts it; by default the public path. */
  readonly mounted?: readonly string[]
  /** Other public paths of the same operation. */
  readonly also?: readonly string[]
  readonly summary: string
  readonly description?: string
  /** The section of the contract. */
  readonly section: string
  /** Names of credentials, of which any one suffices; empty if a device needs none. */
  readonly credentials: readonly string[]
  /** Parameters of the path, and headers. */
  readonly parameters?: Readonly<Record<string, Parameter>>
  /** The schema with which the adapter reads the query. */
  readonly query?: z.ZodType
  readonly body?: Body
  /** The status that the example gets is listed first. */
  readonly answers: readonly Answer[]
  /** Errors in addition to those of every operation. */
  readonly errors?: readonly string[]
  /** Operations that must run before the example, in order. */
  readonly after?: readonly string[]
  /**
   * Values from the answer that later examples need: parameters, with the member that contains them; `@Name`
   * is a header.
   */
  readonly gives?: Readonly<Record<string, string>>
  /** An unknown caller gets the same answer. */
  readonly open?: true
}

export interface Parameter {
  readonly is: string
  readonly example: string
  /** In the path by default. */
  readonly in?: 'query' | 'header'
  /** All possible values. */
  readonly oneOf?: readonly string[]
  /** For the query or a header: whether it is required. */
  readonly required?: true
}

export interface Body {
  /** JSON by default. */
  readonly media?: string
  readonly schema: z.ZodType
  readonly example: unknown
  /** Other forms of the call, by a description. */
  readonly others?: Readonly<Record<string, OtherForm>>
}

export interface OtherForm {
  readonly example: unknown
  /** The expected answer. */
  readonly status: number
  /** Query parameters of this form. */
  readonly query?: Readonly<Record<string, string>>
  /** Operations that must run first, instead of those of the operation. */
  readonly after?: readonly string[]
  /** Sent without a credential. */
  readonly nobody?: true
}

export interface Answer {
  readonly status: number
  readonly is: string
  /** Absent if the answer has no body. */
  readonly schema?: z.ZodType
  readonly media?: string
  readonly example?: unknown
}
