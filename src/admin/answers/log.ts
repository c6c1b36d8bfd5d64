import * as z from 'zod'
import type { Code } from '../../domain/error.ts'
import { PROBLEMS, problemType } from '../problem.ts'
import { dialect, named, nextCursor, openDocument, time } from './answer.ts'

export const CODES = Object.keys(PROBLEMS) as Code[]

export const Refusal = z
  .strictObject({
    at: time.describe('When it was refused.'),
    requestId: z.string().describe('The answer’s `X-Request-Id`.'),
    dialect,
    app: z
      .string()
      .nullable()
      .describe('The app that was called; null where the call named none that there is.'),
    route: z.string().describe('The pattern of the route, never the path itself.'),
    status: z.int().min(200).max(599).describe('The HTTP status of the answer.'),
    code: z.enum(CODES).describe('The kind of refusal.'),
    reason: z.string().describe('Why, in words, at most 300 characters.'),
    identifier: z
      .string()
      .nullable()
      .describe('What the caller named its app, key or client by: only its ends. Null where it named none.'),
  })
  .describe('A call of a dialect that was refused.')
  .register(named, { id: 'Refusal' })

export const RefusalList = z
  .strictObject({ refusals: z.array(Refusal).describe('The refusals, newest first.') })
  .describe('The last refusals of this process or isolate, which has only its own.')
  .register(named, { id: 'RefusalList' })

export const AuditEntry = z
  .strictObject({
    id: z.string().describe('The entry’s id.'),
    at: time.describe('When it was done.'),
    actor: z.string().describe('The name of the token that did it.'),
    action: z.string().describe('What was done, such as `app.created`.'),
    app: z.string().nullable().describe('The app’s id; null where it is about none.'),
    target: z
      .string()
      .nullable()
      .describe(
        'What was changed, where it is not the app as a whole: an id; for an erased user, a keyed hash of it.',
      ),
    detail: openDocument.describe('What is worth knowing of it, by action; never a secret.'),
    requestId: z.string().describe('The gateway’s own id of the request.'),
  })
  .describe('A change that was made by this API.')
  .register(named, { id: 'AuditEntry' })

export const AuditPage = z
  .strictObject({ entries: z.array(AuditEntry).describe('The entries, newest first.'), nextCursor })
  .describe('A page of the audit, kept for `HISTORY_DAYS`.')
  .register(named, { id: 'AuditPage' })

export const Problem = z
  .strictObject({
    type: z.enum(CODES.map(problemType)).describe('The kind of problem: a name that stays the same.'),
    title: z.string().describe('The kind of problem, in words.'),
    status: z.int().min(400).max(599).describe('The HTTP status of the answer.'),
    detail: z.string().describe('What is wrong with this very call.'),
    errors: z
      .array(
        z.strictObject({
          path: z.string().describe('Where: the names of the members, with dots.'),
          message: z.string().describe('What is wrong there.'),
        }),
      )
      .optional()
      .describe('Every fault that was found, where parts of the call are wrong.'),
  })
  .describe('Why a call was refused (RFC 9457).')
  .register(named, { id: 'Problem' })
