import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withAccess } from '../../bench/dialects/access.ts'
import { openWithin, type Within } from '../../bench/kit/within.ts'
import type { Target } from '../../bench/load/job.ts'
import { isDone, type Shot } from '../../bench/load/shot.ts'
import { measures } from '../../bench/measures.ts'
import { check } from '../../bench/seed/check.ts'
import { fill } from '../../bench/seed/fill.ts'
import { makeTemplates } from '../../bench/seed/template.ts'
import { temporaryFolder } from '../harness/process.ts'

const DEVICES = 200
let within: Within | undefined
let target: Target
let commits = 0

beforeAll(async () => {
  const file = join(temporaryFolder(), 'seed.db')
  const templates = await makeTemplates(file)
  await fill(file, templates, DEVICES, () => {})
  await check(file, templates.documents, DEVICES)
  within = openWithin({
    file,
    db: (real) => ({
      ...real,
      commit(plan, options) {
        commits++
        return real.commit(plan, options)
      },
    }),
  })
  const documents = await withAccess(templates.documents, within.send)
  target = { documents, devices: DEVICES, job: 1 }
})
afterAll(() => within?.close())

const sent = async (shot: Shot) => {
  if (!within) throw new Error('nothing is open')
  return within.send(shot)
}

describe('a seed is what the product would have written', () => {
  test('its counts are those of its rows', async () => {
    const headers = { Authorization: `Bearer ${target.documents.adminToken}` }
    const path = `/admin/v1/apps/${target.documents.app}/devices?limit=100&topic=news&dialect=flameup`
    const answer = await sent({ method: 'GET', path, headers, body: '' })
    const { devices } = (await answer.json()) as { devices: { topics: string[] }[] }
    // Including the original that the others are copies of.
    expect(devices.length).toBe(DEVICES / 5 + 1)
    expect(devices.every(({ topics }) => topics.length >= 10)).toBe(true)
  })

  test.each(measures)('$name is done, and writes only if it says so', async ({ shot, writes }) => {
    for (let k = 0; k < 3; k++) {
      const before = commits
      const answer = await sent(shot(target, k))
      const text = await answer.text()
      expect(isDone(answer, text), text).toBe(true)
      expect(commits > before).toBe(writes)
    }
  })
})
