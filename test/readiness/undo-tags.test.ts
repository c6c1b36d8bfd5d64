import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import type { TagChange } from '../../src/domain/tag.ts'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { dialect, eventOf, imported, later, phone, row, takeBack, window } from './undo-kit.ts'

const ofUser = async (office: Office, userId: string, ...changes: readonly TagChange[]) => {
  office.h.clock.advance(1000)
  const app = await dialect(office)
  return office.h.gateway.tags.changeOfUser({ app, userId, changes, cause: 'test' })
}
const set = (name: string, value: string): TagChange => ({ name, do: 'set', as: [{ type: 'string', value }] })
const remove = (name: string): TagChange => ({ name, do: 'remove' })

/** A phone of Anna's with a change to undo: Plan from free to pro, Level from 1 to 2. */
async function changed() {
  const office = await createOffice({ pushwoosh: {} })
  await later(office, { token: fcm('phone'), user: 'anna', tags: { Plan: 'free', Level: '1' } })
  office.h.clock.advance(60_000)
  const from = office.h.clock.now.toISOString()
  await later(office, { tags: { Plan: 'pro', Level: '2' } })
  const event = await eventOf(office, (await phone(office))?.id, 'tagsChanged')
  return { office, event, from }
}
const BACK = { Plan: 'free', Level: '1' }

type Since = (office: Office) => Promise<unknown>
const CASES: readonly (readonly [string, Since, tags: object, now: unknown])[] = [
  [
    'a value for all devices of the user',
    (office) => ofUser(office, 'anna', set('Plan', 'team')),
    { ...BACK, Plan: 'team' },
    'team',
  ],
  [
    'a removal for all devices of the user',
    (office) => ofUser(office, 'anna', remove('Plan')),
    { Level: '1' },
    null,
  ],
  [
    'a registration that also brings a token',
    (office) => later(office, { token: fcm('next'), tags: { Plan: 'team' } }),
    { ...BACK, Plan: 'team' },
    'team',
  ],
  [
    'a registration that also brings a topic and a language',
    (office) => later(office, { topics: ['news'], language: 'pt', tags: { Plan: 'team' } }),
    { ...BACK, Plan: 'team' },
    'team',
  ],
]

describe(`section 8 on ${runtimeName}: a tag stays as it is after`, () => {
  test.each(CASES)('%s, and the others are as before', async (_, since, tags, now) => {
    const { office, event } = await changed()
    await since(office)
    const conflicts = [{ path: 'tags.Plan', reason: 'changed_since', now, would: 'free' }]
    expect((await takeBack(office, event, 'dryRun=true')).body).toMatchObject({ events: 1, conflicts })
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1, conflicts })
    expect((await phone(office))?.tags).toEqual(tags)
  })

  test('a row of an import that gave it back to a device', async () => {
    const { office } = await changed()
    const app = await dialect(office)
    const ref = { app, externalId: 'phone', cause: 'test' }
    await office.h.gateway.tags.change({ ...ref, changes: [remove('Plan'), set('Level', '3')] })
    office.h.clock.advance(1000)
    await imported(office, [row('phone', { tags: { Plan: 'team', Level: '7' } })])
    expect((await phone(office))?.tags).toEqual({ Plan: 'team', Level: '3' })
    const event = await eventOf(office, (await phone(office))?.id, 'tagsChanged')
    const conflicts = [{ path: 'tags.Plan', reason: 'changed_since', now: 'team', would: 'pro' }]
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1, conflicts })
    expect((await phone(office))?.tags).toEqual({ Plan: 'team', Level: '2' })
  })

  test('a value for all devices of the user, with those of a whole time, too', async () => {
    const { office, from } = await changed()
    await ofUser(office, 'anna', set('Plan', 'team'), set('Level', '9'))
    await later(office, { tags: { Level: '10' } })
    const ends = [
      { dryRun: true, tags: { Plan: 'team', Level: '10' } },
      { dryRun: false, tags: { Plan: 'team', Level: '9' } },
    ]
    for (const { dryRun, tags } of ends) {
      expect((await window(office, { from, dryRun })).body).toMatchObject({
        ...{ undone: 1, kept: 1, reasons: { changed_since: 1 } },
      })
      expect((await phone(office))?.tags).toEqual(tags)
    }
  })
})

describe(`section 8 on ${runtimeName}: tags are as before despite`, () => {
  test.each<readonly [string, Since]>([
    ['a value for another user', (office) => ofUser(office, 'bert', set('Plan', 'team'))],
    ['another tag for all devices of the user', (office) => ofUser(office, 'anna', set('Color', 'red'))],
    ['the same value for all devices of the user', (office) => ofUser(office, 'anna', set('Plan', 'pro'))],
  ])('%s', async (_, since) => {
    const { office, event } = await changed()
    await since(office)
    expect((await takeBack(office, event, 'dryRun=true')).body).toMatchObject({ events: 1, conflicts: [] })
    await takeBack(office, event)
    expect((await phone(office))?.tags).toMatchObject(BACK)
  })

  test('a value for all devices of the user before the change', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await later(office, { token: fcm('phone'), user: 'anna', tags: { Plan: 'free' } })
    await ofUser(office, 'anna', set('Plan', 'team'))
    await later(office, { tags: { Plan: 'pro' } })
    await takeBack(office, await eventOf(office, (await phone(office))?.id, 'tagsChanged'))
    expect((await phone(office))?.tags).toEqual({ Plan: 'team' })
  })
})
