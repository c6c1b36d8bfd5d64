import { expect } from 'vitest'
import { type ServerOptions, spawnServer } from '../harness/server.ts'

/** The message of a refused start, which goes only to standard error. */
export async function refused(options: ServerOptions): Promise<string> {
  const program = spawnServer(options)
  expect(await program.exited).toEqual({ code: 1, signal: null })
  expect(program.stdout).toBe('')
  return program.stderr
}
