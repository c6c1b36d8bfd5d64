import * as z from 'zod'
import { ACTIVITIES } from '../../domain/activity.ts'
import { ROLES } from '../../domain/operator.ts'
import { count, named, time } from './answer.ts'

const name = z
  .string()
  .describe('The owner’s name, as in the audit log; `admin` for the configured admin token.')
const role = z
  .enum(ROLES)
  .describe(
    '`read` may see everything except secrets; `operate` may also send messages and change devices and users; `admin` may do everything.',
  )

export const Whoami = z
  .strictObject({
    name,
    role,
    expiresAt: time.nullable().describe('When the session ends; null for a token.'),
  })
  .describe('The caller.')
  .register(named, { id: 'Whoami' })

export const OperatorKey = z
  .strictObject({
    id: z.string().describe('The id.'),
    name,
    role,
    about: z.string().nullable().describe('The user agent of a session’s browser; null for a token.'),
    createdAt: time.describe('When it was created.'),
    expiresAt: time.nullable().describe('When it expires; null for a token.'),
    lastUsedAt: time.nullable().describe('When it was last used, accurate to an hour.'),
    secret: z
      .string()
      .optional()
      .describe('The token itself; only in the answer to the call that creates it.'),
  })
  .describe('An operator’s token or console session.')
  .register(named, { id: 'OperatorKey' })

export const TokenList = z
  .strictObject({ tokens: z.array(OperatorKey).describe('The tokens, newest first.') })
  .describe('All named admin tokens.')
  .register(named, { id: 'TokenList' })

export const SessionList = z
  .strictObject({
    sessions: z
      .array(OperatorKey.extend({ own: z.boolean().describe('Whether this call was made with it.') }))
      .describe('The sessions, newest first.'),
  })
  .describe('The open sessions of the console.')
  .register(named, { id: 'SessionList' })

export const LoginLink = z
  .strictObject({
    link: z.string().describe('The address, which opens one console session.'),
    expiresAt: time.describe('When the link expires.'),
  })
  .describe('A sign-in link that works once.')
  .register(named, { id: 'LoginLink' })

export const ActivityReport = z
  .strictObject({
    from: time.describe('The start of the first hour.'),
    counts: z
      .array(
        z.strictObject({
          hour: time.describe('The start of the hour.'),
          kind: z
            .enum(ACTIVITIES)
            .describe(
              '`registered`: new devices; `refreshed`: known devices that registered again; `refused`: refused calls to a dialect; `accepted` and `failed`: phones that a message was sent to.',
            ),
          dialect: z.string().describe('The dialect; empty for operators’ messages.'),
          facet: z
            .string()
            .describe(
              'The platform of registrations, the code of refusals, or the push service of messages.',
            ),
          count: count.describe('How often it happened.'),
        }),
      )
      .describe('The sums, newest hour first. Hours without activity are left out.'),
  })
  .describe('Activity by the hour.')
  .register(named, { id: 'ActivityReport' })

export const Status = z
  .strictObject({
    version: z.string().describe('The version of the gateway.'),
    origin: z.string().describe('The gateway’s own address, as it appears in links.'),
    database: z
      .strictObject({
        bytes: count.nullable().describe('Its size in bytes; null if it is not known yet.'),
        warnings: z.array(z.string()).describe('Problems that an operator should address soon.'),
      })
      .describe('The database.'),
  })
  .describe('The status of the gateway.')
  .register(named, { id: 'Status' })
