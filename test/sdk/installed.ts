import { readFileSync } from 'node:fs'
import type { Player } from '../harness/played.ts'

/** The installed version of a vendor's package, by its name at npm. */
export function sdkOf(folder: string, where?: string): Player {
  const { name, version } = JSON.parse(readFileSync(`node_modules/${folder}/package.json`, 'utf8'))
  return { name: where === undefined ? name : `${name} ${where}`, version, evidence: 'sdk' }
}
