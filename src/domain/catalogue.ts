/** A topic that is created explicitly, in a dialect with a topic catalogue. */
export interface CatalogueTopic {
  /** Sorts by creation. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly createdAt: Date
  readonly updatedAt: Date
}
