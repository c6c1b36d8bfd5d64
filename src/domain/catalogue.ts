/** A topic that exists by itself, in a dialect with a catalogue of them. */
export interface CatalogueTopic {
  /** Sorts by creation. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly createdAt: Date
  readonly updatedAt: Date
}
