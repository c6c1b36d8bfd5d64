/** What ends a pull, in words for whoever asked for it. */
export class PullFault extends Error {
  override readonly name = 'PullFault'
  /** `usage`: what was asked for is wrong. `refused`: it cannot be had. `later`: it may be had another time. */
  readonly kind: 'usage' | 'refused' | 'later'

  constructor(kind: PullFault['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
