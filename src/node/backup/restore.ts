import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { openConnection } from '../../store/sqlite/driver.ts'
import { claim } from '../../store/sqlite/node-file.ts'
import { type TableHashes, tableHashes } from './hashes.ts'

/** The hashes of the tables in a database file. Throws if the file is not a database or is damaged. */
export function hashesOf(file: string): TableHashes {
  const client = openConnection(file, { readonly: true, fileMustExist: true })
  try {
    const told = client.pragma('quick_check(1)', { simple: true })
    if (told !== 'ok') throw new Error(String(told))
    return tableHashes(client)
  } finally {
    client.close()
  }
}

/** The tables whose contents differ. */
export const differing = (one: TableHashes, other: TableHashes): readonly string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => one[name]?.sha256 !== other[name]?.sha256 || one[name]?.rows !== other[name]?.rows,
  )

/** The hashes that were stored with a backup; null without any. */
const notedWith = (backup: string): TableHashes | null =>
  existsSync(noteOf(backup))
    ? (JSON.parse(readFileSync(noteOf(backup), 'utf8')) as { tables: TableHashes }).tables
    : null

export const noteOf = (backup: string): string => `${backup}.hashes.json`

/**
 * Restores a backup to the place where a gateway looks for its database. Throws, without changing an existing
 * file, if a gateway runs on it or it contains data. The copy gets its final name only once it is complete,
 * flushed to disk and verified.
 */
export function restore(backup: string, target: string): TableHashes {
  const wanted = hashesOf(backup)
  const noted = notedWith(backup)
  const damaged = noted ? differing(noted, wanted) : []
  if (damaged.length > 0)
    throw new Error(`${backup} does not match the backup’s record: ${damaged.join(', ')}`)
  for (const end of ['', '-wal'])
    if (existsSync(`${target}${end}`) && statSync(`${target}${end}`).size > 0)
      throw new Error(`${target} already contains a database: move it away first`)
  const part = `${target}.restoring`
  const release = claimed(target)
  try {
    copyFileSync(backup, part)
    synced(part)
    const differ = differing(wanted, hashesOf(part))
    if (differ.length > 0) throw new Error(`the copy differs from the backup: ${differ.join(', ')}`)
    rmSync(target, { force: true })
    // Unlike a rename, this fails if another process has created the file in the meantime.
    linkSync(part, target)
    synced(dirname(target))
    return wanted
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${end}`, { force: true })
    release()
  }
}

/** A gateway's lock is beside the real file, which may not exist yet. */
function claimed(target: string): () => void {
  const made = !existsSync(target)
  if (made) closeSync(openSync(target, 'ax', 0o600))
  try {
    return claim(target)
  } catch (error) {
    if (made) rmSync(target, { force: true })
    throw error
  }
}

function synced(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
