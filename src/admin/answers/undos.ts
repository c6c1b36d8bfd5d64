import * as z from 'zod'
import { UNDO_REASONS } from '../../domain/undo.ts'
import { count, named, nextCursor, time } from './answer.ts'

export const Undo = z
  .strictObject({
    id: z.string().describe('The undo’s id.'),
    dryRun: z.boolean().describe('Whether it only counts.'),
    state: z.enum(['running', 'completed']).describe('Whether all events have been looked at.'),
    cause: z.string().nullable().describe('What caused the events that are taken back; null: whatever did.'),
    from: time.describe('Events from then on.'),
    until: time.describe('Events up to then.'),
    actor: z.string().describe('The name of the token that was used.'),
    createdAt: time.describe('When it was begun.'),
    finishedAt: time.nullable().describe('When it ended.'),
    removed: count.describe('Devices that an import had made, and that go again.'),
    restored: count.describe('Devices that get back what an import had changed.'),
    undone: count.describe('Other events that are taken back.'),
    kept: count.describe('Devices and events that stay as they are: `reasons` says why.'),
    reasons: z
      .record(z.string(), count)
      .describe(
        `How many stay, by reason (${UNDO_REASONS.join(', ')}): \`live_since\` is a phone that called by itself, \`token_erased\` a token whose text is kept nowhere.`,
      ),
  })
  .describe('What an operator takes back.')
  .register(named, { id: 'Undo' })

export const UndoPage = z
  .strictObject({ undos: z.array(Undo).describe('The undos, newest first.'), nextCursor })
  .describe('A page of undos.')
  .register(named, { id: 'UndoPage' })

export const UndoneEvent = z
  .strictObject({
    dryRun: z.boolean().describe('Whether nothing was changed.'),
    events: count.describe('1 where the event is taken back, else 0.'),
    conflicts: z
      .array(
        z
          .strictObject({
            device: z.string().describe('The device’s id.'),
            path: z.string().describe('What the event is about: its kind.'),
            reason: z.enum(UNDO_REASONS).describe('Why it stays.'),
          })
          .describe('Why it is not.'),
      )
      .describe('What stands against it.'),
  })
  .describe('What becomes of one event.')
  .register(named, { id: 'UndoneEvent' })
