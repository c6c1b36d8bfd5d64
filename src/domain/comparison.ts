/** A place in an answer: members with dots between, `[*]` for the elements of a list, `*` for any name. */
export interface Rule {
  readonly path: string
  /** Why: a contract's words, or what an SDK does not tell apart. */
  readonly reason: string
}

/** How the answers of both sides are compared in a dialect: data, each with its reason. */
export interface Comparison {
  /** Lists whose order says nothing. */
  readonly sets?: readonly Rule[]
  /** Texts that are compared for presence only. */
  readonly texts?: readonly Rule[]
  readonly ignored?: readonly Rule[]
  /** Ids that each side makes itself: compared by where they appear again. */
  readonly ids?: readonly Rule[]
  /** Null is as good as absent. */
  readonly loose?: readonly Rule[]
  /** Objects whose names are data. */
  readonly maps?: readonly Rule[]
  /** Differences that a contract has on purpose. */
  readonly declared?: readonly Rule[]
}

/** Members by their names, wherever they are, that no sample may hold as they are. */
export interface Masked {
  readonly tokens: readonly string[]
  readonly users: readonly string[]
  /** Objects of tags: their names stay, and their texts do not. */
  readonly tags?: readonly string[]
}
