import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm } from './kit.ts'

const APP = { pushwoosh: {} }
const line = (of: object) => `${JSON.stringify(of)}\n`

describe(`an import on ${runtimeName}`, () => {
  test('takes our own lines, counts them, and shows the devices', async () => {
    const office = await createOffice(APP)
    const file =
      line({ type: 'pushport-export', version: 1, exportedAt: '2026-11-20T00:00:00Z' }) +
      line({
        externalId: 'one',
        platform: 'android',
        token: fcm('one'),
        userId: 'anna',
        tags: { Level: 7 },
        model: 'Pixel',
      }) +
      line({ externalId: 'two', platform: 'android', token: 'ExponentPushToken[xyz]' }) +
      line({ platform: 'android', token: fcm('three') }) +
      'no json\n' +
      line({ type: 'end', devices: 4 })
    const done = await office.import('format=ndjson&dialect=pushwoosh', file)
    expect(done).toMatchObject({
      state: 'completed',
      exportedAt: '2026-11-20T00:00:00.000Z',
      rows: { read: 4, done: 4, total: 4 },
      outcomes: { created: 2, rejected: 2, updated: 0, merged: 0, unchanged: 0, skipped: 0 },
      reasons: { token_expo: 1, not_json: 1 },
      warnings: { placeholder: 1 },
      error: null,
    })
    const devices = await office.devices()
    expect(devices.get('one')).toMatchObject({
      userId: 'anna',
      tags: { Level: 7 },
      model: 'Pixel',
      liveAt: null,
    })
    expect([...devices.keys()].filter((id) => id.startsWith('import:'))).toHaveLength(1)
    expect(await office.errors(done.id)).toMatchObject([
      { row: 2, line: 3, outcome: 'rejected', reason: 'token_expo', externalId: 'two' },
      { row: 4, line: 5, outcome: 'rejected', reason: 'not_json' },
    ])
  })
})
