import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const MIGRATIONS = 'schema/migrations'

/** The migrations of the build before the one with a migration of that name. */
export function migrationsBefore(name: string, all = MIGRATIONS): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-migrations-'))
  cpSync(all, folder, { recursive: true })
  const path = join(folder, 'meta', '_journal.json')
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(path, 'utf8'))
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${name}`))
  if (at < 0) throw new Error(`there is no migration ${name}`)
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }))
  return folder
}
