import * as z from 'zod'
import { count, named, time } from './answer.ts'

export const KeyState = z
  .strictObject({
    state: z
      .enum(['none', 'waiting', 'running', 'completed'])
      .describe(
        '`none`: no rotation; `waiting`: a previous key is configured and the rotation has not started; `running`; `completed`.',
      ),
    columns: count.describe('Kinds of encrypted values that are finished.'),
    of: count.describe('The number of kinds.'),
    done: count.describe('Values examined.'),
    resealed: count.describe('Of these, encrypted with the new key.'),
    failed: count.describe('Of these, values that neither key could decrypt.'),
    previousNeeded: z.boolean().describe('Whether `MASTER_KEY_PREVIOUS` is still needed.'),
    startedAt: time.nullable().describe('When it started.'),
    finishedAt: time.nullable().describe('When it ended.'),
  })
  .describe('The progress of a master key rotation.')
  .register(named, { id: 'KeyState' })
