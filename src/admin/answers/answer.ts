import * as z from 'zod'

/** A presenter's result for a schema: a missing member or a wrong type does not compile. */
export type Answer<Schema extends z.ZodType> = Immutable<z.infer<Schema>>

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T

/** The schemas that have a name in the OpenAPI document. */
export const named = z.registry<{ id: string }>()

export const time = z.iso.datetime()
export const count = z.int().min(0)
export const dialect = z
  .string()
  .describe('The dialect: the name of the vendor’s API that the device or app speaks.')

/** A document with any members, defined elsewhere. */
export const openDocument = z.record(z.string(), z.unknown())

/** The cursor of the next page; absent on the last. */
export const nextCursor = z
  .string()
  .optional()
  .describe('The position of the next page: pass it as `cursor`. Absent on the last page.')
