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
    app: z.string().nullable().describe('The app that was called; null if the call named no existing app.'),
    route: z.string().describe('The route’s pattern, never the actual path.'),
    status: z.int().min(200).max(599).describe('The HTTP status of the answer.'),
    code: z.enum(CODES).describe('The kind of refusal.'),
    reason: z.string().describe('Why it was refused, in at most 300 characters.'),
    identifier: z
      .string()
      .nullable()
      .describe(
        'The first and last characters of the app id, key or client id that the caller sent; null if it sent none.',
      ),
  })
  .describe('A refused call to a dialect.')
  .register(named, { id: 'Refusal' })

export const RefusalList = z
  .strictObject({ refusals: z.array(Refusal).describe('The refusals, newest first.') })
  .describe('The last refusals of this process or isolate; each keeps only its own.')
  .register(named, { id: 'RefusalList' })

export const AuditEntry = z
  .strictObject({
    id: z.string().describe('The entry’s id.'),
    at: time.describe('When the change was made.'),
    actor: z.string().describe('The name of the token that was used.'),
    action: z.string().describe('What was done, such as `app.created`.'),
    app: z.string().nullable().describe('The app’s id; null if no app is concerned.'),
    target: z
      .string()
      .nullable()
      .describe(
        'The id of what was changed within the app; for an erased user, a keyed hash of the id. Null for the app itself.',
      ),
    detail: openDocument.describe('Details, which depend on the action; never a secret.'),
    requestId: z.string().describe('The id that the gateway gave the request.'),
  })
  .describe('A change made through this API.')
  .register(named, { id: 'AuditEntry' })

export const AuditPage = z
  .strictObject({ entries: z.array(AuditEntry).describe('The entries, newest first.'), nextCursor })
  .describe('A page of the audit log, kept for `HISTORY_DAYS`.')
  .register(named, { id: 'AuditPage' })

export const Problem = z
  .strictObject({
    type: z.enum(CODES.map(problemType)).describe('The kind of problem, as a stable name.'),
    title: z.string().describe('The kind of problem, in words.'),
    status: z.int().min(400).max(599).describe('The HTTP status of the answer.'),
    detail: z.string().describe('What is wrong with this call.'),
    errors: z
      .array(
        z.strictObject({
          path: z.string().describe('The path of the member, with dots.'),
          message: z.string().describe('What is wrong with it.'),
        }),
      )
      .optional()
      .describe('All faults found, if parts of the call are invalid.'),
  })
  .describe('Why a call was refused (RFC 9457).')
  .register(named, { id: 'Problem' })
