import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import type { Backup, Backups } from './backups.ts'

const none = () => new GatewayError('not_found', 'There is no such backup.')

/** Routes for copies of the database, if it is a local file. */
export function backupRoutes(backups: Backups | undefined) {
  const own = (): Backups => {
    if (backups) return backups
    throw new GatewayError(
      'conflict',
      'The database of this gateway is not a SQLite file; docs/backup.md describes how to back it up.',
    )
  }
  return new Hono<AppEnv>()
    .post('/backups', async (c) => {
      const backup = await own().start()
      if (!backup) throw new GatewayError('conflict', 'Another backup is in progress.')
      c.header('Location', `/admin/v1/backups/${backup.id}`)
      return c.json(presentBackup(backup), 202)
    })

    .get('/backups/:backup', (c) => {
      const backup = own().find(c.req.param('backup'))
      if (!backup) throw none()
      return c.json(presentBackup(backup))
    })

    .get('/backups/:backup/file', (c) => {
      const stream = own().read(c.req.param('backup'))
      if (!stream) throw none()
      return c.body(stream, 200, { 'Content-Type': 'application/vnd.sqlite3' })
    })

    .delete('/backups/:backup', async (c) => {
      if (!(await own().remove(c.req.param('backup')))) throw none()
      return c.body(null, 204)
    })
}

const presentBackup = ({
  id,
  state,
  createdAt,
  bytes,
  done,
  tables,
  error,
}: Backup): Answer<typeof A.Backup> => ({
  ...{ id, state, bytes, done, tables, error },
  createdAt: createdAt.toISOString(),
})
