import * as z from 'zod'
import { isNothing } from '../../src/domain/absent.ts'
import { isStorable } from '../../src/domain/text.ts'

const NOT_STORABLE = 'must be valid Unicode text without U+0000'

const PLATFORM = z.enum(['ios', 'android', 'web'], { error: 'must be ios, android or web' })
/** A descriptive text; unstorable characters are repaired later (identity R22). */
const text = z
  .string({ error: 'must be a string or null' })
  .max(1024, 'must have at most 1024 characters')
  .nullish()

/**
 * The body of a registration (section 4): unknown members are ignored, absent ones keep their value, null clears it. An
 * empty or placeholder token counts as missing (identity R19).
 */
export const Registration = z.object({
  token: z
    .string({ error: (issue) => (issue.input === undefined ? 'is required' : 'must be a string') })
    .max(4096, 'must have at most 4096 characters')
    .refine((token) => !isNothing(token), 'is required')
    .refine(isStorable, NOT_STORABLE),
  platform: PLATFORM,
  device_name: text,
  device_model: text,
  os_version: text,
  app_version: text,
})
export type RegistrationBody = z.infer<typeof Registration>

/** Any string of 1 to 255 characters, compared exactly: a UUID, the customer's own id, an e-mail address (section 9). */
export const Person = z.object({
  person_id: z
    .string()
    .min(1, 'is required')
    .refine((id) => [...id].length <= 255, 'must have at most 255 characters')
    .refine(isStorable, NOT_STORABLE),
})

/** An empty parameter counts as absent (section 6). */
const parameter = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema)

const whole = (least: 0 | 1) =>
  z
    .string()
    .regex(/^[0-9]+$/, `must be a whole number of at least ${least}`)
    .transform(Number)
    .refine((value) => value >= least, `must be a whole number of at least ${least}`)

/** Section 6: values above the maximum are cut, non-numbers refused, unknown parameters ignored. */
export const List = z.object({
  platform: parameter(PLATFORM.optional()),
  is_active: parameter(
    z
      .string()
      .toLowerCase()
      // Python's `requests` sends True; other clients send numbers (section 6).
      .pipe(z.enum(['true', 'false', '1', '0'], { error: 'must be true or false' }))
      .transform((value) => value === 'true' || value === '1')
      .optional(),
  ),
  limit: parameter(
    whole(1)
      .transform((value) => Math.min(value, 100))
      .default(50),
  ),
  offset: parameter(
    whole(0)
      .transform((value) => Math.min(value, Number.MAX_SAFE_INTEGER))
      .default(0),
  ),
})
export const WorkspaceList = List.extend({ person_id: parameter(Person.shape.person_id.optional()) })
