import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { speakers } from '../cross/speakers.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { openSite, type Site } from './kit.ts'

const missing = postgresMissing()

describe('three gateways on one database', () => {
  skipWhere(missing)
  let site: Site
  beforeAll(async () => {
    if (missing === undefined) site = await openSite(await freshDatabase(), 3)
  })
  afterAll(() => Promise.all((site?.gateways ?? []).map((one) => one.stop())))

  test.each(speakers)(
    'make 20 devices and 80 successes of 20 × 4 equal registrations at once through $name (R16)',
    async (speaker) => {
      const phones = Array.from({ length: 20 }, (_, at) => ({
        id: `${speaker.name}-phone-${at}`,
        token: `${speaker.name}-token-${at}`,
      }))
      const calls = phones.flatMap((phone) =>
        Array.from({ length: 4 }, () => speaker.register(site.shop, phone)),
      )
      const answers = await Promise.all(calls)
      const texts = await Promise.all(answers.map((one) => one.text()))
      expect(answers.map(({ status, ok }, at) => (ok ? true : `${status} ${texts[at]}`))).toEqual(
        calls.map(() => true),
      )
      const devices = (await site.devices()).filter(({ dialect }) => dialect === speaker.name)
      expect(devices.map(({ token }) => token).toSorted()).toEqual(
        phones.map(({ token }) => token).toSorted(),
      )
      expect(devices.every(({ active }) => active)).toBe(true)
    },
  )
})
