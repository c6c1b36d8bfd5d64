import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createWorld } from '../identity/kit.ts'
import { happen, listed, settle, steps } from './happenings.ts'
import { type Got, receivers } from './receivers.ts'
import { Replica } from './replica.ts'

/** A run on D1 costs a round trip to another process per step. */
const RUNS = runtimeName === 'better-sqlite3' ? 60 : 8

test(`whoever applies the feed holds what the gateway lists, whatever happened, ${RUNS} times`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const world = await createWorld()
      const reader = new Replica()
      await happen(all, world, (limit) => reader.read(world.h, world.appId, limit))
      // One reader that reads on the way, and one that only starts at the end.
      const late = new Replica()
      for (const one of [reader, late]) {
        while (await one.read(world.h, world.appId, 3));
        expect(one.shown()).toEqual(await listed(world))
      }
    }),
    { numRuns: RUNS },
  )
})

/** Every step also reads the end of the feed and sends a page. */
const TOLD_RUNS = Math.ceil(RUNS / 2)

/** A receiver's reaction to a call: accept it, accept it but answer with an error, or refuse it. */
const moods = fc.array(fc.constantFrom('take', 'take', 'take', 'take and fail', 'fail'), {
  minLength: 1,
  maxLength: 30,
  size: 'max',
})

test(`whoever is told by webhooks alone holds the same, whatever fails or comes twice, ${TOLD_RUNS} times`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, moods, fc.boolean(), async (all, mood, replays) => {
      const world = await createWorld()
      const outside = receivers(world)
      const replica = new Replica()
      const last = new Map<string, number>()
      let calls = 0
      const take = ({ data, id }: Got) => {
        replica.apply(data)
        if (data.deviceId === null) return
        // No event of a device overtakes an earlier one, unless a replay was requested.
        const number = Number(id.slice(world.appId.length + 1).split('-')[0])
        expect(replays || number >= (last.get(data.deviceId) ?? 0)).toBe(true)
        last.set(data.deviceId, number)
      }
      const { hook } = await outside.create({ after: 'start' }, (got) => {
        const now = mood[calls++ % mood.length]
        if (now !== 'fail') take(got)
        return now === 'take' ? undefined : new Response('no', { status: 500 })
      })
      await happen(all, world, () => outside.tell())
      if (replays) {
        const path = `/apps/${world.appId}/webhooks/${hook.id}/replay`
        await world.h.admin('POST', path, { after: 'start' })
      }
      mood.fill('take')
      for (let state = hook, rounds = 0; rounds < 60; rounds++) {
        world.h.clock.advance(600_000)
        await settle(world)
        await outside.tell()
        state = await outside.state(hook.id)
        expect(state.stopped).toBeNull()
        if (state.waiting === 0 && (await nothingBehind(world, state.cursor))) break
      }
      expect(replica.shown()).toEqual(await listed(world))
      // Events erased before delivery do not count as given up.
      expect((await outside.state(hook.id)).dead).toBe(0)
    }),
    { numRuns: TOLD_RUNS },
  )
})

async function nothingBehind({ h, appId }: Parameters<typeof listed>[0], cursor: string): Promise<boolean> {
  const response = await h.admin('GET', `/apps/${appId}/events?after=${cursor}`)
  const { events, more } = await response.json<{ events: unknown[]; more: boolean }>()
  return events.length === 0 && !more
}
