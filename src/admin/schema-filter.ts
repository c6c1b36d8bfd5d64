import * as z from 'zod'
import { PLATFORMS } from '../domain/device.ts'
import { FILTER_LIMITS, type Filter } from '../domain/filter.ts'

const word = z.string().min(1).max(1000)
const operand = z.union([
  z.string().max(1000),
  z.number(),
  z.boolean(),
  z.strictObject({ daysAgo: z.int().min(0).max(36_500) }),
])
const bound = z.exactOptional(operand)
const several = z.lazy(() => z.array(Condition).min(1).max(FILTER_LIMITS.conditions))

const Condition: z.ZodType<Filter> = z.union(
  [
    z.strictObject({ all: several }),
    z.strictObject({ any: several }),
    z.strictObject({ not: z.lazy(() => Condition) }),
    z.strictObject({ platforms: z.array(z.enum(PLATFORMS)).min(1).max(PLATFORMS.length) }),
    z.strictObject({ topic: word }),
    z.strictObject({ tag: word, set: z.boolean() }),
    z.strictObject({ tag: word, in: z.array(operand).min(1).max(FILTER_LIMITS.elements) }),
    z
      .strictObject({ tag: word, from: bound, to: bound, by: z.exactOptional(z.literal('version')) })
      .refine(({ from, to }) => from !== undefined || to !== undefined, 'from or to is required'),
  ],
  'is not a known condition',
)

function sizeOf(filter: Filter): { readonly conditions: number; readonly depth: number } {
  const inside =
    'all' in filter ? filter.all : 'any' in filter ? filter.any : 'not' in filter ? [filter.not] : []
  const sizes = inside.map(sizeOf)
  return {
    conditions: 1 + sizes.reduce((sum, { conditions }) => sum + conditions, 0),
    depth: 1 + Math.max(0, ...sizes.map(({ depth }) => depth)),
  }
}

/** A filter of an audience. It is recursive, so its form is described in text rather than by a schema. */
export const FilterDocument = z.record(z.string(), z.unknown()).transform((given, context): Filter => {
  const found = Condition.safeParse(given)
  const { conditions, depth } = found.success ? sizeOf(found.data) : { conditions: 0, depth: 0 }
  if (found.success && conditions <= FILTER_LIMITS.conditions && depth <= FILTER_LIMITS.depth)
    return found.data
  context.addIssue({
    code: 'custom',
    message: found.success
      ? `has more than ${FILTER_LIMITS.conditions} conditions, or more than ${FILTER_LIMITS.depth} nested levels`
      : 'is not a known condition',
  })
  return z.NEVER
})
