import { expect, test } from 'vitest'
import type { Undo } from '../../src/domain/undo.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { createKit, keyOf, unique } from '../contract/kit.ts'

const MIB = 1_048_576

/** The numbers of events that each batch undoes, of removals whose kept states have these sizes, the newest first. */
async function batchesOf(sizes: readonly number[]) {
  const kit = await createKit(async (clock) =>
    sqlStore(await openNodeDb(':memory:', 'schema/migrations'), clock, { undoDays: 7 }),
  )
  const { undos, directory } = kit.store
  const appId = await kit.createApp()
  const from = kit.clock.now
  for (const size of sizes.toReversed()) {
    const { device } = await kit.register(keyOf(appId), { token: unique('t') })
    kit.clock.advance(1)
    await directory.removeDevice(appId, device.id, kit.occasion())
    const [state] = await undos.unsealed(1, 1)
    if (state) await undos.seal([{ ...state, sealed: String(state.document).padEnd(size) }])
  }
  const span = { from, until: kit.clock.now, about: '', kind: 'unregistered' as const }
  const more = { id: unique('undo'), appId, dryRun: false, forced: false, actor: 'admin', createdAt: from }
  let undo: Undo | null = await undos.begin({ ...span, ...more })
  const batches: number[] = []
  while (undo && undo.finishedAt === null) {
    const before: number = undo.counts.revived ?? 0
    undo = await undos.proceed(undo, 100, kit.clock.now, async ({ sealed }) => sealed)
    batches.push((undo?.counts.revived ?? 0) - before)
  }
  expect(undo?.counts).toEqual({ revived: sizes.length })
  return batches.filter((count) => count > 0)
}

test.each([
  ['four that are small', [0, 0, 0, 0], [4]],
  ['four that fit exactly', [MIB, MIB, MIB, MIB], [4]],
  ['one byte more than four that fit', [MIB, MIB, MIB, MIB + 1], [3, 1]],
  ['some that fit and one that does not', [2.5 * MIB, MIB, MIB, MIB], [2, 2]],
  ['one that alone is larger', [5 * MIB], [1]],
  ['one that alone is larger, before others', [5 * MIB, 0, 0], [1, 2]],
  ['one that alone is larger, among others', [0, 5 * MIB, 0], [1, 1, 1]],
  ['several that are larger', [5 * MIB, 5 * MIB, 5 * MIB, 5 * MIB], [1, 1, 1, 1]],
])(
  'an undo stops a batch at 4 MiB of kept states, and never before the first: %s',
  async (_, sizes, batches) => {
    expect(await batchesOf(sizes)).toEqual(batches)
  },
)
