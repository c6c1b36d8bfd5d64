import { countSyncs } from '../kit/fsyncs.ts'
import type { Measure } from '../measures.ts'
import type { Options } from '../options.ts'
import type { Ours } from './contenders.ts'

const SECONDS = 1

/**
 * Disk syncs per request, checkpoints included, by measure and connections; null if they cannot be counted. A
 * separate run that is not part of the figures, because tracing slows it down.
 */
export async function syncsPerRequest(
  { gateway, run }: Ours,
  chosen: readonly Measure[],
  { connections }: Pick<Options, 'connections'>,
): Promise<Record<string, number | null>> {
  const counted: Record<string, number | null> = {}
  const [first = 16] = connections
  for (const measure of chosen.filter(({ writes }) => writes)) {
    let requests = 0
    const syncs = await countSyncs(gateway.pid, async () => {
      const loaded = await run({ measure, connections: first, seconds: SECONDS })
      requests = 'total' in loaded ? loaded.total : loaded.answers
    })
    counted[measure.name] = syncs === null ? null : syncs / requests
  }
  return counted
}
