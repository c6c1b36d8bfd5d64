import type { Machine } from '../kit/machine.ts'

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Section {
  readonly title: string
  readonly text?: string
  readonly table?: Table
  /** An SVG. */
  readonly picture?: string
}

/** The results of a suite: sections for people, figures for programs. */
export interface Measurement {
  readonly suite: string
  readonly title: string
  readonly settings: string
  readonly sections: readonly Section[]
  readonly figures: unknown
}

export interface Report extends Measurement {
  readonly machine: Machine
}
