import * as z from 'zod'
import { count, named, time } from './answer.ts'

export const KeyState = z
  .strictObject({
    state: z
      .enum(['none', 'waiting', 'running', 'completed'])
      .describe(
        '`none`: no change of the master key; `waiting`: a previous key is given and nothing has begun; `running`; `completed`.',
      ),
    columns: count.describe('Kinds of sealed values that are done.'),
    of: count.describe('How many kinds there are.'),
    done: count.describe('Values looked at.'),
    resealed: count.describe('Of these, sealed with the new key.'),
    failed: count.describe('Of these, opened by neither key.'),
    previousNeeded: z.boolean().describe('Whether `MASTER_KEY_PREVIOUS` must stay.'),
    startedAt: time.nullable().describe('When it began.'),
    finishedAt: time.nullable().describe('When it was over.'),
  })
  .describe('How far a change of the master key is.')
  .register(named, { id: 'KeyState' })
