import * as z from 'zod'
import { RELAY_MOST } from '../../delivery/transport/relay.ts'

/** The characters allowed in a header for APNs. */
const value = z
  .string()
  .max(2000)
  .regex(/^[\x20-\x7e]*$/)

const request = z.strictObject({
  path: z.string().regex(/^\/3\/device\/[0-9a-f]{2,400}$/),
  headers: z
    .record(z.string().regex(/^(authorization|content-type|apns-[a-z-]{1,40})$/), value)
    .refine((headers) => headers.authorization !== undefined && Object.keys(headers).length <= 10),
  body: z.string().max(8192),
})

/** Requests of one app for one APNs address, as another instance sends them. */
export const batch = z.strictObject({
  service: z.string().max(500),
  requests: z.array(request).min(1).max(RELAY_MOST),
})

export type RelayedRequest = z.infer<typeof request>
