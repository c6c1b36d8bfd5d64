import { describe, expect, test } from 'vitest'
import { countsOf, recorded, registerPhone, registrationsPath } from './record-kit.ts'

/** A read that differs is repeated after 2 seconds, because a vendor may be slow to show what was written. */
describe.each(['record', 'shadow'])('a read that differs in the mode %s', (mode) => {
  const pair = recorded('backendless', {}, { mode })
  const registered = async () => {
    await registerPhone(pair())
    await copied()
    pair().vendor.asked.length = 0
  }
  const copied = async () => {
    await pair().h.settled()
    await pair().h.copy()
  }
  const read = async () => {
    expect((await pair().h.request('GET', `${registrationsPath(pair().app)}/d1`)).status).toBe(200)
    await copied()
    pair().h.clock.advance(2000)
    await copied()
  }
  /** The vendor's answer, with other channels as often as requested. */
  const late = (times: number) => {
    const { vendor, played } = pair()
    let left = times
    vendor.answer = async (asked) => {
      const answer = await played(asked)
      if (left-- <= 0) return answer
      return Response.json({ ...((await answer.json()) as object), channels: ['old', 'older'] })
    }
  }

  test('is no difference where the vendor has it 2 seconds later', async () => {
    await registered()
    late(1)
    await read()
    expect(pair().vendor.asked).toHaveLength(2)
    expect(await countsOf(pair())).toMatchObject({ compared: 2, equal: 2 })
  })

  test('is one where it is still there, and the vendor is asked no third time', async () => {
    await registered()
    late(9)
    await read()
    expect(pair().vendor.asked).toHaveLength(2)
    expect(await countsOf(pair())).toMatchObject({ compared: 2, equal: 1, differing: 1 })
  })
})
