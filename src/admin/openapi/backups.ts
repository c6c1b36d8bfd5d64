import { Backup } from '../answers/index.ts'
import type { Operations } from './operation.ts'

const BY_OTHERS = 'Where the database is no file of the gateway’s own (D1, PostgreSQL): 409.'

export const backups = {
  '/backups': {
    post: {
      id: 'startBackup',
      summary: 'Copy the database',
      description: `As it is at one moment, while the gateway goes on; one at a time. ${BY_OTHERS}`,
      query: {},
      answers: {
        202: {
          is: 'The backup, which is being made.',
          schema: Backup,
          headers: { Location: 'The backup’s address.' },
        },
      },
      problems: ['conflict'],
    },
  },
  '/backups/:backup': {
    get: {
      id: 'getBackup',
      summary: 'Show how far a backup is',
      query: {},
      answers: { 200: { is: 'The backup.', schema: Backup } },
      problems: ['conflict', 'not_found'],
    },
    delete: {
      id: 'deleteBackup',
      summary: 'Delete a backup',
      query: {},
      answers: { 204: { is: 'The copy is deleted.' } },
      problems: ['conflict', 'not_found'],
    },
  },
  '/backups/:backup/file': {
    get: {
      id: 'readBackup',
      summary: 'Fetch a backup',
      description: 'A SQLite database. What must stay readable in it is sealed with the master key.',
      query: {},
      answers: { 200: { is: 'The file.', stream: 'application/vnd.sqlite3' } },
      problems: ['conflict', 'not_found'],
    },
  },
} satisfies Operations<`/backups${'' | '/:backup' | '/:backup/file'}`>
