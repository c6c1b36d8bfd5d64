/** Events undone together, and the most bytes of kept states that they bind, of which a single one may have more. */
const ROUND = { events: 50, bytes: 1_048_576 }
/** Bytes of kept states after which a batch ends. */
const BATCH_BYTES = 4_194_304

interface Row {
  readonly id: number
  readonly device_id: string
  /** Bytes of the state kept for it. */
  readonly size: number
}

/** How many rows make a batch: at least one. */
export function within(rows: readonly Row[]): number {
  let sum = 0
  const beyond = rows.findIndex(({ size }, at) => {
    sum += size
    return at > 0 && sum > BATCH_BYTES
  })
  return beyond < 0 ? rows.length : beyond
}

/** Newest first; no round has two events of one device. */
export function roundsOf(rows: readonly Row[]): number[][] {
  const rounds: { readonly ids: number[]; bytes: number }[] = []
  const reached = new Map<string, number>()
  for (const { id, device_id, size } of rows) {
    let at = (reached.get(device_id) ?? -1) + 1
    for (let round = rounds[at]; round && !hasRoom(round, size); round = rounds[at]) at++
    const round = rounds[at] ?? { ids: [], bytes: 0 }
    rounds[at] = round
    round.ids.push(id)
    round.bytes += size
    reached.set(device_id, at)
  }
  return rounds.map(({ ids }) => ids)
}
const hasRoom = ({ ids, bytes }: { readonly ids: readonly number[]; readonly bytes: number }, size: number) =>
  ids.length < ROUND.events && bytes + size <= ROUND.bytes
