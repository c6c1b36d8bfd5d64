import * as z from 'zod'

/** The base path of the MobileFirst runtime, such as `/mfp`. */
export type Context = `/${string}`

export const VARIABLES = {
  MFP_CONTEXT: {
    schema: z
      .string()
      .regex(/^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, 'must be a path such as /mfp')
      .default('/mfp')
      .transform((path) => path as Context),
    help: 'the MobileFirst runtime context',
  },
}
