import * as z from 'zod'

/** What a presenter makes for an answer's schema: whoever leaves a member out, or gives it another type, does not compile. */
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

/** A document that somebody else defines, with whatever members. */
export const openDocument = z.record(z.string(), z.unknown())

/** The cursor of a list that goes on. */
export const nextCursor = z
  .string()
  .optional()
  .describe('Where the next page begins: give it as `cursor`. Absent on the last page.')
