import * as z from 'zod'

/**
 * Validates a value against one of several schemas, which is selected from the value first, so that errors
 * refer to that schema only.
 */
export const chosen = <Value>(choose: (given: unknown) => z.ZodType<Value>) =>
  z
    .unknown()
    .optional()
    .transform(async (given, context): Promise<Value> => {
      const { data, error } = await choose(given).safeParseAsync(given)
      if (!error) return data
      for (const issue of error.issues) context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue)
      return z.NEVER
    })
