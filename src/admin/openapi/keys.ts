import { KeyState } from '../answers/index.ts'
import type { Operations } from './operation.ts'

export const keys = {
  '/keys': {
    get: {
      id: 'getKeys',
      summary: 'Show how far a change of the master key is',
      query: {},
      answers: { 200: { is: 'How far it is.', schema: KeyState } },
      problems: [],
    },
  },
  '/keys/rotation': {
    post: {
      id: 'rotateKeys',
      summary: 'Seal everything with the master key of now, from the start',
      description:
        'It begins by itself once `MASTER_KEY_PREVIOUS` is set; this looks at every value once more, for those that a gateway with the old key has sealed meanwhile.',
      query: {},
      answers: { 202: { is: 'It has begun.', schema: KeyState } },
      problems: ['conflict'],
    },
  },
} satisfies Operations<'/keys' | '/keys/rotation'>
