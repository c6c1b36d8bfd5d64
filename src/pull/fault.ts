/** An error that ends a pull, with a message for its user. */
export class PullFault extends Error {
  override readonly name = 'PullFault'
  /** `usage`: invalid options. `refused`: the vendor refuses. `later`: a later attempt may succeed. */
  readonly kind: 'usage' | 'refused' | 'later'

  constructor(kind: PullFault['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
