import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'
/** More than a phone takes in the database, with its log. */
const BYTES_PER_PHONE = 6000

/**
 * A new folder for the database of so many phones, and what removes it: in a memory file system if there is room in one,
 * because the data is temporary and disks are slow. The end of the process removes it, too.
 */
export function temporaryFolder(phones: number): { readonly folder: string; readonly remove: () => void } {
  const place = roomOf(IN_MEMORY) > phones * BYTES_PER_PHONE ? IN_MEMORY : tmpdir()
  const folder = mkdtempSync(join(place, 'pushport-migration-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.on('exit', remove)
  return { folder, remove }
}

function roomOf(place: string): number {
  if (!existsSync(place)) return 0
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize
}
