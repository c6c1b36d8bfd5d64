import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Appends lines to files in a folder; the oldest file is deleted when their total size exceeds a limit. */
export interface Lines {
  write(line: string): void
  close(): void
}

const FILES = 4
const nameOf = (number: number) => `recorded-${String(number).padStart(6, '0')}.ndjson`
const numberIn = (name: string) => Number(/^recorded-(\d+)\.ndjson$/.exec(name)?.[1] ?? Number.NaN)

/** Most bytes of all files together, across restarts. Throws if the folder cannot be created. */
export function linesInFiles(folder: string, most: number): Lines {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const there = readdirSync(folder)
    .map(numberIn)
    .filter((number) => !Number.isNaN(number))
  let number = Math.max(0, ...there)
  let file: number | null = null
  let size = 0
  const next = () => {
    if (file !== null) closeSync(file)
    file = openSync(join(folder, nameOf(++number)), 'w', 0o600)
    size = 0
    for (const name of readdirSync(folder))
      if (numberIn(name) <= number - FILES) rmSync(join(folder, name), { force: true })
    return file
  }
  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`)
      if (bytes.length > most / FILES) return
      if (file === null || size + bytes.length > most / FILES) file = next()
      writeSync(file, bytes)
      size += bytes.length
    },
    close() {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}
