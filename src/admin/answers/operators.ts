import * as z from 'zod'
import { ACTIVITIES } from '../../domain/activity.ts'
import { ROLES } from '../../domain/operator.ts'
import { count, named, time } from './answer.ts'

const name = z
  .string()
  .describe('Whose it is, as the audit names it; `admin` for the admin token of the configuration.')
const role = z
  .enum(ROLES)
  .describe(
    '`read` sees everything but secrets; `operate` also sends and works with devices and users; `admin` does everything.',
  )

export const Whoami = z
  .strictObject({
    name,
    role,
    expiresAt: time.nullable().describe('When the session ends; null for a token.'),
  })
  .describe('Who makes this call.')
  .register(named, { id: 'Whoami' })

export const OperatorKey = z
  .strictObject({
    id: z.string().describe('The id.'),
    name,
    role,
    about: z.string().nullable().describe('What the browser of a session says of itself; null for a token.'),
    createdAt: time.describe('When it was made.'),
    expiresAt: time.nullable().describe('When it ends; null for a token.'),
    lastUsedAt: time.nullable().describe('When it was last used, up to an hour behind.'),
    secret: z.string().optional().describe('The token itself; only in the answer that makes it.'),
  })
  .describe('What lets an operator in.')
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
    link: z.string().describe('The address that opens one session of the console.'),
    expiresAt: time.describe('Until when it does.'),
  })
  .describe('A link that is used up by being opened.')
  .register(named, { id: 'LoginLink' })

export const ActivityReport = z
  .strictObject({
    from: time.describe('The beginning of the first hour.'),
    counts: z
      .array(
        z.strictObject({
          hour: time.describe('The beginning of the hour.'),
          kind: z
            .enum(ACTIVITIES)
            .describe(
              '`registered`: a device that was new; `refreshed`: one that was known; `refused`: a call of a dialect; `accepted` and `failed`: phones of messages.',
            ),
          dialect: z.string().describe('The dialect; empty for messages of operators.'),
          facet: z
            .string()
            .describe(
              'The platform of a registration, the code of a refusal, the push service of an attempt.',
            ),
          count: count.describe('How often.'),
        }),
      )
      .describe('Sums, the newest hour first; none where nothing happened.'),
  })
  .describe('How often things happened, by the hour.')
  .register(named, { id: 'ActivityReport' })

export const Status = z
  .strictObject({
    version: z.string().describe('The version of the gateway.'),
    origin: z.string().describe('The address under which the gateway was called, as it hands it out.'),
    database: z
      .strictObject({
        bytes: count.nullable().describe('Its size; null where it is not known yet.'),
        warnings: z.array(z.string()).describe('What an operator should do about it soon.'),
      })
      .describe('Where everything is kept.'),
  })
  .describe('The gateway itself.')
  .register(named, { id: 'Status' })
