/** Members of an answer: names separated by dots, `[*]` for the elements of a list, `*` for any name. */
export interface Rule {
  readonly path: string
  /** Why: the words of a contract, or values that an SDK treats alike. */
  readonly reason: string
}

/** How the two answers to a call are compared in a dialect. Each rule states its reason. */
export interface Comparison {
  /** Lists whose order has no meaning. */
  readonly sets?: readonly Rule[]
  /** Texts whose content is ignored: both sides must have one. */
  readonly texts?: readonly Rule[]
  readonly ignored?: readonly Rule[]
  /** Ids that each side generates: compared only by where they occur again. */
  readonly ids?: readonly Rule[]
  /** Members for which null and absent are equal. */
  readonly loose?: readonly Rule[]
  /** Objects whose member names are data. */
  readonly maps?: readonly Rule[]
  /** Intended differences, stated in a contract. */
  readonly declared?: readonly Rule[]
}

/** Member names, at any depth, whose values are masked in samples. */
export interface Masked {
  readonly tokens: readonly string[]
  readonly users: readonly string[]
  /** Objects of tags: their names are kept, their text values masked. */
  readonly tags?: readonly string[]
}
