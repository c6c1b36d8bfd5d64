import { expect, test } from 'vitest'
import { openDb } from '#runtime'
import { pause } from '../../src/sending/turns.ts'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'

const numbers = sql`WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ${value('count')})`
const PHONES = [
  statement(sql`INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, state, state_at, dialects, created_at, registered_at)
    ${numbers} SELECT 't' || n, 'a', 'fcm', unhex(printf('%032d', n)), 't' || n, 'unknown', 'live', 1, '["echo"]', n, n FROM k`),
  statement(sql`INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_proved, enabled, details, created_at, updated_at, last_seen_at)
    ${numbers} SELECT 'd' || n, 'a', 'echo', 'e' || n, 'ios', 't' || n, 0, 1, '{}', n, n, n FROM k`),
]

test('the phones of a page are read a few at a time, and others have their turn in between', async () => {
  const real = await openDb()
  await real.commit(PHONES.map((one) => call(one, { count: 250 })))
  const happened: string[] = []
  const db: Db = {
    ...real,
    async read<const Plan extends readonly Call[]>(plan: Plan) {
      const found = await real.read(plan)
      happened.push(`read ${found[0]?.length}`)
      // Work that is already waiting when a read ends.
      void pause().then(() => happened.push('others'))
      return found
    },
  }
  const tokens = Array.from({ length: 250 }, (_, n) => `t${n + 1}`)
  const { messages } = sqlStore(db, () => new Date(1000))
  const phones = await messages.phones({ appId: 'a', dialects: ['echo'] }, tokens, [], new Date(1000))
  expect(phones.map(({ tokenId }) => tokenId)).toEqual(tokens)
  expect(happened).toEqual(['read 100', 'others', 'read 100', 'others', 'read 50'])
})
