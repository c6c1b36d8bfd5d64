import { Backup } from '../answers/index.ts'
import type { Operations } from './operation.ts'

const BY_OTHERS = 'With D1 or PostgreSQL the answer is 409: back these up with their own tools.'

export const backups = {
  '/backups': {
    post: {
      id: 'startBackup',
      summary: 'Start a backup of the database',
      description: `A consistent copy, made while the gateway keeps running; one at a time. ${BY_OTHERS}`,
      query: {},
      answers: {
        202: {
          is: 'The backup, in progress.',
          schema: Backup,
          headers: { Location: 'The URL of the backup.' },
        },
      },
      problems: ['conflict'],
    },
  },
  '/backups/:backup': {
    get: {
      id: 'getBackup',
      summary: 'Show the progress of a backup',
      query: {},
      answers: { 200: { is: 'The backup.', schema: Backup } },
      problems: ['conflict', 'not_found'],
    },
    delete: {
      id: 'deleteBackup',
      summary: 'Delete a backup',
      query: {},
      answers: { 204: { is: 'The backup is deleted.' } },
      problems: ['conflict', 'not_found'],
    },
  },
  '/backups/:backup/file': {
    get: {
      id: 'readBackup',
      summary: 'Download a backup',
      description: 'A SQLite database. Its secrets are encrypted with the master key.',
      query: {},
      answers: { 200: { is: 'The file.', stream: 'application/vnd.sqlite3' } },
      problems: ['conflict', 'not_found'],
    },
  },
} satisfies Operations<`/backups${'' | '/:backup' | '/:backup/file'}`>
