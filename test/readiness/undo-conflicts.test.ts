import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { masked } from '../../src/wire/refused.ts'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { dialect, eventOf, history, imported, later, replaceAlike, row, takeBack, undo } from './undo-kit.ts'

const HOUR = 3_600_000
const open = () => createOffice({ pushwoosh: {} })
const idOf = async (office: Office, externalId = 'phone') => (await office.devices()).get(externalId)?.id
const topics = async (office: Office, names: readonly string[]) => {
  const policy = { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false }
  const ref = { app: await dialect(office), externalId: 'phone', policy, superseded: true, cause: 'test' }
  return office.h.gateway.topics.replace({ ...ref, names })
}

interface Case {
  readonly kind: string
  /** Which of the events of this kind; the newest by default. */
  readonly place?: number
  readonly happened: (office: Office) => Promise<unknown>
  /** Without the device, which all have. */
  readonly conflicts: readonly object[]
  readonly events?: 0 | 1
}

const CASES: Readonly<Record<string, Case>> = {
  'a takeover, after a later call: both tokens, masked': {
    kind: 'superseded',
    async happened(office) {
      await later(office, { token: fcm('token-a') })
      await call(office, { id: 'new', token: fcm('token-a') })
      office.h.clock.advance(2 * HOUR)
      await call(office, { id: 'new', token: fcm('token-a') })
    },
    conflicts: [{ path: 'pushToken', reason: 'called_since', now: null, would: masked(fcm('token-a')) }],
  },
  'a user who changed twice': {
    kind: 'userChanged',
    place: 1,
    async happened(office) {
      for (const user of ['anna', 'bert', 'cleo']) await later(office, { token: fcm('a'), user })
    },
    conflicts: [{ path: 'user', reason: 'changed_since', now: 'cleo', would: 'anna' }],
  },
  'a user who was erased: no name of it': {
    kind: 'userChanged',
    async happened(office) {
      for (const user of ['anna', 'bert']) await later(office, { token: fcm('a'), user })
      await office.h.gateway.directory.eraseUser(office.app, 'anna')
      while (await office.h.gateway.maintenance.work.find(({ name }) => name === 'removals')?.step());
    },
    conflicts: [{ path: 'user', reason: 'erased', now: 'bert', would: null }],
  },
  'a profile, whose former values are not known': {
    kind: 'profileChanged',
    async happened(office) {
      await later(office, { appVersion: '1.0', language: 'en' })
      await later(office, { appVersion: '2.0', language: 'pt' })
    },
    conflicts: [
      { path: 'profile.appVersion', reason: 'value_not_kept', now: '2.0', would: null },
      { path: 'profile.language', reason: 'value_not_kept', now: 'pt', would: null },
    ],
  },
  'a registration: the whole device': {
    kind: 'registered',
    happened: (office) => later(office, {}),
    conflicts: [{ path: 'device', reason: 'not_undoable', now: 'DEVICE', would: null }],
  },
  'tags that were all changed again': {
    kind: 'tagsChanged',
    place: 1,
    async happened(office) {
      await later(office, { tags: { Plan: 'free' } })
      await later(office, { tags: { Plan: 'pro', Color: 'red' } })
      await later(office, { tags: { Plan: 'team', Color: 'blue' } })
    },
    conflicts: [
      { path: 'tags.Color', reason: 'changed_since', now: 'blue', would: null },
      { path: 'tags.Plan', reason: 'changed_since', now: 'team', would: 'free' },
    ],
  },
  'tags of which one was changed again: the rest is undone': {
    kind: 'tagsChanged',
    place: 1,
    async happened(office) {
      await later(office, { tags: { Plan: 'free', Level: '1' } })
      await later(office, { tags: { Plan: 'pro', Level: '2' } })
      await later(office, { tags: { Plan: 'team' } })
    },
    conflicts: [{ path: 'tags.Plan', reason: 'changed_since', now: 'team', would: 'free' }],
    events: 1,
  },
  'tags whose former values are too large for the history: a long value is cut': {
    kind: 'tagsChanged',
    async happened(office) {
      await later(office, { tags: { Plan: 'x'.repeat(5000), Note: 'y' } })
      await later(office, { tags: { Plan: 'z'.repeat(300), Note: 'n' } })
    },
    conflicts: [
      { path: 'tags.Note', reason: 'value_not_kept', now: 'n', would: null },
      { path: 'tags.Plan', reason: 'value_not_kept', now: `${'z'.repeat(200)}…`, would: null },
    ],
  },
  'a topic that another change has removed': {
    kind: 'subscribed',
    place: 1,
    async happened(office) {
      await later(office, { topics: ['a'] })
      await topics(office, ['b'])
      await topics(office, ['c'])
      await topics(office, ['b'])
    },
    conflicts: [{ path: 'topics.c', reason: 'changed_since', now: false, would: false }],
  },
  'a device that is in use again': {
    kind: 'deactivated',
    async happened(office) {
      const app = await replaceAlike(office, ['phone', 'new'])
      const ref = { app, externalId: 'phone', superseded: true, cause: 'test' }
      await office.h.gateway.devices.update({ ...ref, patch: { enabled: true } })
    },
    conflicts: [{ path: 'enabled', reason: 'changed_since', now: true, would: true }],
  },
  'a device whose former name another one has': {
    kind: 'renamed',
    async happened(office) {
      await call(office, { id: 'old', token: fcm('a') })
      const renamed = { externalId: 'old', renamed: 'phone' }
      await office.h.gateway.mirrors.adopt(await dialect(office), renamed, 'test')
      await call(office, { id: 'old', token: fcm('b') })
    },
    conflicts: [{ path: 'externalId', reason: 'changed_since', now: 'phone', would: 'old' }],
  },
  'a device that a later import contained, too: the fields that differ': {
    kind: 'imported',
    place: 1,
    async happened(office) {
      await later(office, { token: fcm('phone') })
      await imported(office, [row('phone', { model: 'Pixel' })], '&exportedAt=2026-11-01T00:00:00Z')
      await imported(office, [row('phone', { appVersion: '3.0' })], '&exportedAt=2026-11-02T00:00:00Z')
    },
    conflicts: [
      { path: 'profile.model', reason: 'later_import', now: 'Pixel', would: null },
      { path: 'profile.appVersion', reason: 'later_import', now: '3.0', would: null },
    ],
  },
  'a row of an import, after the phone has called: the rest is undone': {
    kind: 'imported',
    async happened(office) {
      await later(office, { token: fcm('phone'), user: 'anna' })
      await imported(office, [
        row('phone', { model: 'Pixel', appVersion: '1.0', tags: { Level: 7, Plan: 'free' } }),
      ])
      await later(office, { token: fcm('other') })
      await later(office, { user: 'bert' })
      await later(office, { appVersion: '2.0', tags: { Plan: 'pro' } })
    },
    conflicts: [
      { path: 'pushToken', reason: 'changed_since', now: masked(fcm('other')), would: masked(fcm('phone')) },
      { path: 'user', reason: 'changed_since', now: 'bert', would: 'anna' },
      { path: 'profile.appVersion', reason: 'changed_since', now: '2.0', would: null },
      { path: 'tags.Plan', reason: 'changed_since', now: 'pro', would: null },
    ],
    events: 1,
  },
  'a row of an import that created a device which has called since': {
    kind: 'imported',
    async happened(office) {
      await imported(office, [row('phone')])
      await later(office, { token: fcm('phone') })
    },
    conflicts: [{ path: 'device', reason: 'live_since', now: 'DEVICE', would: null }],
  },
}

describe(`section 8, conflicts of a preview on ${runtimeName}: the part of the device, its value and the former one`, () => {
  test.each(Object.entries(CASES))(
    'of %s',
    async (_, { kind, place = 0, happened, conflicts, events = 0 }) => {
      const office = await open()
      await happened(office)
      const device = await idOf(office)
      const event = (await history(office, device)).filter((one) => one.kind === kind)[place]
      const shown = conflicts.map((one) => {
        const now = 'now' in one && one.now === 'DEVICE' ? { now: device } : {}
        return { device, ...one, ...now }
      })
      const expected = { events, conflicts: shown }
      expect((await takeBack(office, event?.id, 'dryRun=true')).body).toEqual({ dryRun: true, ...expected })
      const done = await takeBack(office, event?.id)
      if (events === 0) expect(done.status).toBe(409)
      // The same as the preview said.
      else expect(done.body).toEqual({ dryRun: false, ...expected })
    },
  )

  // The former values of the second are too large for the history.
  test.each([
    [60, 'a'],
    [240, null],
  ])('of %d tags are 50', async (count, would) => {
    const office = await open()
    const tags = (value: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, value]))
    for (const value of ['a', 'b', 'c']) await later(office, { tags: tags(value) })
    const device = await idOf(office)
    const [, older] = (await history(office, device)).filter(({ kind }) => kind === 'tagsChanged')
    const { conflicts } = (await takeBack(office, older?.id, 'dryRun=true')).body
    expect(conflicts).toHaveLength(50)
    expect(conflicts).toMatchObject(Array.from({ length: 50 }, () => ({ now: 'c', would })))
  })

  test('a whole import only counts its reasons', async () => {
    const office = await open()
    const { id } = await imported(office, [row('phone')])
    await later(office, { token: fcm('phone') })
    const event = await eventOf(office, await idOf(office), 'imported')
    expect((await takeBack(office, event, 'dryRun=true')).body.conflicts).toHaveLength(1)
    expect((await undo(office, id, true)).body).toMatchObject({ kept: 1, reasons: { live_since: 1 } })
  })
})
