import { describe, expect, test } from 'vitest'
import { call as bound, statement } from '../../src/store/sql/statement.ts'
import { keptStates } from '../../src/store/sql/tables.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { ENOUGH, open } from './kit.ts'
import { putKept } from './many.ts'
import { traces } from './traces.ts'

const DAY = 86_400_000

interface Shown {
  readonly held: Readonly<Record<string, number>>
  readonly keptStates: readonly Readonly<Record<string, unknown>>[]
}
const shown = async ({ h, app }: Office, query = '') => {
  const answer = await h.admin('GET', `/apps/${app}/users/anna?${query}`)
  const text = await answer.text()
  return { text, body: JSON.parse(text) as Shown }
}
const seal = async ({ h }: Office) => {
  const sealing = h.gateway.maintenance.work.find(({ name }) => name === 'sealing')
  while (await sealing?.step());
}

/** A phone whose token was replaced, and one that was removed. */
async function changed(mark: string) {
  const office = await createOffice({ pushwoosh: {} }, { env: { UNDO_DAYS: '3' } })
  await call(office, { id: 'phone', token: fcm(`${mark}-first`), user: 'anna' })
  await call(office, {
    ...{ id: 'tablet', token: fcm(`${mark}-tablet`), user: 'anna', language: 'pt', appVersion: '1.0' },
    ...{ topics: ['sport', 'news'], tags: { Plan: 'pro', Größe: 'é "quoted"' } },
  })
  const before = await office.devices()
  office.h.clock.advance(1000)
  await call(office, { id: 'phone', token: fcm(`${mark}-second`) })
  await office.h.admin('DELETE', `/apps/${office.app}/devices/${before.get('tablet')?.id}`)
  return { office, phone: before.get('phone'), tablet: before.get('tablet') }
}
const masked = (token: string) => `${token.slice(0, 4)}…${token.slice(-2)}`

describe('issue 14, UNDO_DAYS: what an operator is shown of a user', () => {
  test.each([false, true])(
    'names former tokens and removed devices, and no whole token (sealed: %s)',
    async (sealed) => {
      const mark = crypto.randomUUID().slice(0, 8)
      const { office, phone, tablet } = await changed(mark)
      if (sealed) await seal(office)
      const { text, body } = await shown(office)
      const at = office.h.clock.now
      const kept = {
        ...{ dialect: 'pushwoosh', provider: 'fcm', at: at.toISOString() },
        until: new Date(at.getTime() + 3 * DAY).toISOString(),
      }
      const byKind = body.keptStates.toSorted((one, other) =>
        String(one.kind).localeCompare(String(other.kind)),
      )
      const { externalId, platform, language, appVersion, topics, tags, createdAt, lastSeenAt } = tablet ?? {}
      expect(byKind).toEqual([
        {
          ...{ ...kept, kind: 'device', deviceId: tablet?.id, token: masked(fcm(`${mark}-tablet`)) },
          device: {
            ...{ externalId, platform, language, appVersion, topics, tags, createdAt, lastSeenAt },
            ...{ userId: 'anna', userProved: false, updatedAt: expect.any(String), liveAt: createdAt },
            ...{
              name: null,
              model: null,
              osVersion: null,
              sdkVersion: null,
              timezone: null,
              importedAt: null,
            },
          },
        },
        { ...kept, kind: 'token', deviceId: phone?.id, token: masked(fcm(`${mark}-first`)), device: null },
      ])
      expect([topics, tags]).toEqual([['news', 'sport'], { Plan: 'pro', Größe: 'é "quoted"' }])
      for (const former of ['first', 'tablet']) expect(text).not.toContain(fcm(`${mark}-${former}`))
      expect(body.held).toMatchObject({ devices: 1, keptStates: 2 })

      const path = `/apps/${office.app}/users/anna`
      const rehearsed = await office.h.admin('DELETE', `${path}?dryRun=true`)
      expect(await rehearsed.json()).toEqual({ would: body.held })
      expect((await office.h.admin('DELETE', path)).status).toBe(204)
      await office.h.gateway.maintenance.run(ENOUGH)
      expect(await traces(office.h, `${mark}-`)).toEqual([])
      expect((await office.h.admin('GET', path)).status).toBe(404)
    },
  )

  test('says that there is something which no key opens any more', async () => {
    const { office } = await changed(crypto.randomUUID())
    await seal(office)
    const spoil = statement(
      sql`UPDATE ${keptStates} SET ${keptStates.sealed} = 'v1.AAAA' WHERE ${keptStates.appId} = ${value('app')}`,
    )
    await office.h.db.commit([bound(spoil, { app: office.app })])
    const { body } = await shown(office)
    expect(body.keptStates).toHaveLength(2)
    for (const one of body.keptStates)
      expect(one).toMatchObject({ provider: null, token: null, device: null })
  })

  test.each([600, 2400])('is bounded: a page of %i former tokens, and 2,000 are counted', async (count) => {
    const { h, id, app } = await open()
    await putKept(h, app, count, 'former')
    const path = `/apps/${id}/users/former`
    const answer = await h.admin('GET', `${path}?limit=10`)
    const text = await answer.text()
    const { keptStates: listed, held } = JSON.parse(text) as Shown
    expect([listed.length, held.keptStates]).toEqual([10, Math.min(count, 2000)])
    expect(text.length).toBeLessThan(4000)
    expect((await h.admin('DELETE', path)).status).toBe(204)
    await h.gateway.maintenance.run(ENOUGH)
    expect((await h.admin('GET', path)).status).toBe(404)
  })
})
