import { expect, test } from 'vitest'
import { createOffice, fcm } from '../transfer/kit.ts'
import { asked, lines } from './kit.ts'

const rows = (count: number) =>
  lines(
    Array.from({ length: count }, (_, i) => ({
      externalId: `phone-${i}`,
      platform: 'android',
      token: fcm(`phone-${i}-`),
    })),
  )

test('a request counts 6,000 devices of one dialect itself, and divides what it may count among all dialects', async () => {
  const { h, app, ...office } = await createOffice({ pushwoosh: {}, flameup: {} })
  for (const dialect of ['pushwoosh', 'flameup'])
    await office.import(`format=ndjson&dialect=${dialect}&exportedAt=2026-11-01T00:00:00Z`, rows(6000))
  const shown = async (query = '') => (await asked(h, 'GET', `/apps/${app}/readiness${query}`)).body
  expect(await shown()).toEqual({ counting: ['flameup', 'pushwoosh'], dialects: [] })
  expect(await shown('?dialect=pushwoosh')).toMatchObject({ totals: { imported: 6000 } })
  while (await h.gateway.readiness.step());
  const both = [{ totals: { imported: 6000 } }, { totals: { imported: 6000 } }]
  expect(await shown()).toMatchObject({ counting: [], dialects: both })
})
