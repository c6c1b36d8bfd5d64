import * as z from 'zod'

/** A value of one of several schemas, which is chosen by a look at it: so mistakes are told of the one that was meant. */
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
