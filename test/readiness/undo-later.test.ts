import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { dialect, eventOf, history, imported, later, phone, row, takeBack, undo } from './undo-kit.ts'

const languageOf = async (office: Office, userId: string, language: string) => {
  office.h.clock.advance(1000)
  const app = await dialect(office)
  const of = { app, userId, changes: [], profile: { language }, cause: 'test' }
  return office.h.gateway.tags.changeOfUser(of)
}

const GIVEN = { userId: 'bert', appVersion: '1.0', language: 'de' }
const BEFORE = { userId: null, appVersion: null, language: null }

type Since = (office: Office) => Promise<unknown>
/** What happens after the import, and what differs after its undo from the state before. */
const CASES: readonly (readonly [string, Since, stays: object])[] = [
  [
    'a call with another token, user and version',
    (office) => later(office, { token: fcm('next'), user: 'cleo', appVersion: '2.0' }),
    { token: fcm('next'), userId: 'cleo', appVersion: '2.0' },
  ],
  [
    'a call with another token and user',
    (office) => later(office, { token: fcm('next'), user: 'cleo' }),
    { token: fcm('next'), userId: 'cleo' },
  ],
  [
    'a call with another token alone',
    (office) => later(office, { token: fcm('next') }),
    { token: fcm('next') },
  ],
  [
    'a call with another user and version',
    (office) => later(office, { user: 'cleo', appVersion: '2.0' }),
    { userId: 'cleo', appVersion: '2.0' },
  ],
  [
    'a language for all devices of the user',
    (office) => languageOf(office, 'bert', 'pt'),
    { language: 'pt' },
  ],
  ['a language for all devices of another user', (office) => languageOf(office, 'anna', 'pt'), {}],
]

describe(`section 8 on ${runtimeName}: what changed after an import`, () => {
  test.each(CASES)('stays, and the rest is as before: %s', async (_, since, stays) => {
    const office = await createOffice({ pushwoosh: {} })
    await imported(office, [row('phone')], '&exportedAt=2026-07-01T00:00:00Z')
    const { id } = await imported(office, [row('phone', GIVEN)], '&exportedAt=2026-07-02T00:00:00Z')
    expect(await phone(office)).toMatchObject(GIVEN)
    await since(office)
    expect((await undo(office, id)).body).toMatchObject({ restored: 1, kept: 0 })
    expect(await phone(office)).toMatchObject({ token: fcm('phone'), ...BEFORE, ...stays })
  })

  test('stays: a call that gave a device its first token, with another user and version', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const none = { token: null }
    await imported(office, [row('phone', none)], '&exportedAt=2026-07-01T00:00:00Z')
    const { id } = await imported(
      ...([office, [row('phone', { ...GIVEN, ...none })], '&exportedAt=2026-07-02T00:00:00Z'] as const),
    )
    await later(office, { token: fcm('first'), user: 'cleo', appVersion: '2.0' })
    await undo(office, id)
    expect(await phone(office)).toMatchObject({
      ...{ ...BEFORE, token: fcm('first'), userId: 'cleo', appVersion: '2.0' },
    })
  })
})

test(`a change of the user is not taken back on ${runtimeName} after a call with another token and user`, async () => {
  const office = await createOffice({ pushwoosh: {} })
  for (const user of ['anna', 'bert']) await later(office, { token: fcm('phone'), user })
  const event = await eventOf(office, (await phone(office))?.id, 'userChanged')
  await later(office, { token: fcm('next'), user: 'cleo' })
  expect((await takeBack(office, event)).status).toBe(409)
  expect(await phone(office)).toMatchObject({ userId: 'cleo' })
})

test(`the history on ${runtimeName} names what a call changed besides the token or the user, and nothing if there is nothing`, async () => {
  const office = await createOffice({ pushwoosh: {} })
  const calls = [
    { token: fcm('a'), user: 'anna', appVersion: '1.0' },
    { token: fcm('b') },
    { token: fcm('c'), user: 'bert', appVersion: '2.0' },
    { token: fcm('c'), user: 'cleo' },
    { token: fcm('c'), user: 'dora', appVersion: '3.0' },
    { token: fcm('c'), user: 'dora', appVersion: '4.0', language: 'pt' },
  ]
  for (const one of calls) await later(office, one)
  const events = await history(office, (await phone(office))?.id)
  const fields = ({ detail }: (typeof events)[number]) => (detail.fields as string[] | undefined)?.toSorted()
  expect(events.map((event) => [event.kind, fields(event)]).toReversed()).toEqual([
    ['registered', undefined],
    ['rotated', undefined],
    ['rotated', ['appVersion', 'userId']],
    ['userChanged', undefined],
    ['userChanged', ['appVersion', 'userId']],
    ['profileChanged', ['appVersion', 'language']],
  ])
})
