import type { Player } from '../harness/played.ts'

/** The facts about a test that the compatibility report needs. */
export interface Ran {
  readonly title: string
  readonly passed: boolean
  readonly played: readonly string[] | undefined
  readonly player: Player | undefined
  readonly server: 'node' | 'worker' | undefined
  readonly row: string | undefined
  readonly lack: string | undefined
}

/** The tests of a file in a project of `test/vitest.config.ts`. */
export interface Facts {
  readonly project: string
  readonly file: string
  readonly date: string
  readonly tests: readonly Ran[]
}
