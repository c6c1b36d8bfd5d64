import type { Player } from '../harness/played.ts'

/** One test, as far as the report of compatibility wants to know. */
export interface Ran {
  readonly title: string
  readonly passed: boolean
  readonly played: readonly string[] | undefined
  readonly player: Player | undefined
  readonly server: 'node' | 'worker' | undefined
  readonly row: string | undefined
  readonly lack: string | undefined
}

/** What the tests of a file did in a project of `test/vitest.config.ts`. */
export interface Facts {
  readonly project: string
  readonly file: string
  readonly date: string
  readonly tests: readonly Ran[]
}
