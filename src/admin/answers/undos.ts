import * as z from 'zod'
import { EVENT_KINDS } from '../../domain/event.ts'
import { UNDO_REASONS } from '../../domain/undo.ts'
import { count, named, nextCursor, time } from './answer.ts'

export const Undo = z
  .strictObject({
    id: z.string().describe('The undo’s id.'),
    dryRun: z.boolean().describe('Whether it only counts what would change.'),
    state: z.enum(['running', 'completed']).describe('`completed` once all events have been examined.'),
    cause: z.string().nullable().describe('The cause of the events to undo; null for any cause.'),
    kind: z.enum(EVENT_KINDS).nullable().describe('The kind of the events to undo; null for any kind.'),
    from: time.describe('The time of the first events to undo.'),
    until: time.describe('The time of the last events to undo.'),
    actor: z.string().describe('The name of the token that was used.'),
    createdAt: time.describe('When it was started.'),
    finishedAt: time.nullable().describe('When it ended; null until then.'),
    removed: count.describe('Devices that an import had created and that are removed.'),
    restored: count.describe('Devices that an import had changed and that get their former data back.'),
    undone: count.describe('Other events that are undone.'),
    kept: count.describe('Devices and events that stay unchanged; `reasons` says why.'),
    reasons: z
      .record(z.string(), count)
      .describe(
        `How many stay unchanged, by reason (${UNDO_REASONS.join(', ')}): \`live_since\` is a phone that has called since, \`token_erased\` a token or a removed device that is no longer stored.`,
      ),
  })
  .describe('An undo by an operator.')
  .register(named, { id: 'Undo' })

export const UndoPage = z
  .strictObject({ undos: z.array(Undo).describe('The undos, newest first.'), nextCursor })
  .describe('A page of undos.')
  .register(named, { id: 'UndoPage' })

const value = (what: string) =>
  z
    .unknown()
    .describe(
      `${what}; null for none or if it is not known. Push tokens are masked; of a long value, the first 200 characters are shown.`,
    )

export const UndoneEvent = z
  .strictObject({
    dryRun: z.boolean().describe('Whether nothing was changed.'),
    events: count.describe('1 if the event is undone, otherwise 0.'),
    conflicts: z
      .array(
        z
          .strictObject({
            device: z.string().describe('The device’s id.'),
            path: z
              .string()
              .describe(
                'The part of the device: `pushToken`, `user`, `enabled`, `externalId`, `tags.NAME`, `topics.NAME`, `profile.FIELD`, or `device` for all of it.',
              ),
            reason: z.enum(UNDO_REASONS).describe('Why it stays.'),
            now: value('The present value'),
            would: value('The value that the undo would restore'),
          })
          .describe('A part of the device that stays as it is.'),
      )
      .describe(
        'What stays as it is, 50 parts at most. With `events` 1, the rest of what the event changed is undone.',
      ),
  })
  .describe('The undo of one event.')
  .register(named, { id: 'UndoneEvent' })
