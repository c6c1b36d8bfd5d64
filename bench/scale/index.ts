import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Options } from '../options.ts'
import { measure } from './measure.ts'

const STEPS = [1000, 100_000, 1_000_000]

/**
 * How the database grows: bytes per device and the time of each query, with the statements of src/store only.
 */
export async function scale({ devices }: Options, say: (line: string) => void): Promise<null> {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-scale-'))
  try {
    const steps = STEPS.filter((step) => step <= devices)
    await measure({ file: join(folder, 'scale.db'), steps, say })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return null
}
