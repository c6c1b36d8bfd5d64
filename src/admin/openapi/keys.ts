import { KeyState } from '../answers/index.ts'
import type { Operations } from './operation.ts'

export const keys = {
  '/keys': {
    get: {
      id: 'getKeys',
      summary: 'Show the progress of a master key rotation',
      query: {},
      answers: { 200: { is: 'The progress of the rotation.', schema: KeyState } },
      problems: [],
    },
  },
  '/keys/rotation': {
    post: {
      id: 'rotateKeys',
      summary: 'Encrypt all secrets again with the current master key',
      description:
        'The rotation starts by itself once `MASTER_KEY_PREVIOUS` is set. This call checks every value again, to include those that an instance with the old key has written since.',
      query: {},
      answers: { 202: { is: 'The rotation has started.', schema: KeyState } },
      problems: ['conflict'],
    },
  },
} satisfies Operations<'/keys' | '/keys/rotation'>
