import { expect, test } from 'vitest'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { createHarness } from '../harness/harness.ts'

/** Counts the statements of every call, including reads before it. */
async function pushwoosh() {
  let statements = 0
  const counted = (real: Db): Db => ({
    ...real,
    read<const Plan extends readonly Call[]>(plan: Plan) {
      statements += plan.length
      return real.read(plan)
    },
    commit<const Plan extends readonly Call[]>(plan: Plan) {
      statements += plan.length
      return real.commit(plan)
    },
  })
  const h = await createHarness({ dialect: 'pushwoosh', db: counted })
  const { dialects } = await h.createApp({ pushwoosh: {} })
  const application = dialects.pushwoosh?.applicationCode
  return async (method: string, more: object) => {
    const from = statements
    const request = { application, hwid: 'phone', ...more }
    const answer = await h.request('POST', `/json/1.3/${method}`, { body: { request } })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
    return statements - from
  }
}

const PHONE = { device_type: 3, app_version: '1.0', device_model: 'Pixel 8', language: 'de' }
const FIVE = { Level: 1, Score: 2, Name: 'Ann', Colors: ['red'], City: 'Rome' }

test('on Node, calls of a phone that is known cost few statements, however they are asked for (issue 10)', async () => {
  const call = await pushwoosh()
  // Finds the app, too.
  await call('registerDevice', { ...PHONE, push_token: 'one' })
  expect(await call('registerDevice', { ...PHONE, push_token: 'one' })).toBe(1)
  expect(await call('setTags', { tags: FIVE })).toBe(9)
  expect(await call('setTags', { tags: FIVE })).toBe(9)
  expect(await call('setTags', { tags: { Level: null } })).toBe(7)
  expect(await call('registerDevice', { ...PHONE, push_token: 'one', tags: { Level: 2 } })).toBe(10)
  // With the tags that each registration reports, and the former token, kept for an undo.
  expect(await call('registerDevice', { ...PHONE, push_token: 'two' })).toBe(12)
})
