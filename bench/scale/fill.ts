import type Database from 'better-sqlite3'

/** Devices that are registered one by one; all others are copies of them with new ids. */
export const SAMPLE = 1000

/** A prime that scatters ascending numbers over 32 bits. */
export const SPREAD = 2_654_435_761

/** The number at the end of an id, increased for each generation of copies. */
const moved = (column: string) =>
  `substr(s.${column}, 1, length(s.${column}) - 12) || printf('%012d', CAST(substr(s.${column}, -12) AS INTEGER) + g.i * ${SAMPLE})`
const later = (column: string) => `s.${column} + g.i * ${SAMPLE * 10}`

/** An id like a random UUID, so that the indexes on it fill as in production. */
const externalId = `(SELECT 'fcm-' || printf('%08x', (n * ${SPREAD}) % 4294967296) || '-0000-4000-8000-' || printf('%012d', n)
  FROM (SELECT CAST(substr(s.external_id, -12) AS INTEGER) + g.i * ${SAMPLE} AS n))`

/** The columns of a copy that differ from the sample's. */
const COPIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  push_tokens: {
    id: moved('id'),
    digest: 'randomblob(16)',
    token: `printf('%012d', CAST(substr(s.token, 1, 12) AS INTEGER) + g.i * ${SAMPLE}) || substr(s.token, 13)`,
    created_at: later('created_at'),
  },
  devices: {
    number: `s.number + g.i * ${SAMPLE}`,
    id: moved('id'),
    external_id: externalId,
    push_token_id: moved('push_token_id'),
    user_id: `'user-' || (CAST(substr(s.user_id, 6) AS INTEGER) + g.i * ${SAMPLE})`,
    created_at: later('created_at'),
  },
  subscriptions: {
    device: `s.device + g.i * ${SAMPLE}`,
    topic: `CASE WHEN s.topic LIKE 'club-%' THEN 'club-' || (CAST(substr(s.topic, 6) AS INTEGER) + g.i * ${SAMPLE / 10}) ELSE s.topic END`,
  },
  tags: { device_id: moved('device_id') },
  events: { device_id: moved('device_id'), at: later('at') },
}

/**
 * Copies the sample until the database has the given number of devices; `from` and `to` are multiples of the
 * sample.
 */
export function fill(client: Database.Database, from: number, to: number): void {
  client.pragma('synchronous = OFF')
  for (const [table, copies] of Object.entries(COPIES)) {
    const columns = (client.pragma(`table_info(${table})`) as { name: string; type: string }[])
      .map(({ name }) => name)
      .filter((name) => !(table === 'events' && name === 'id'))
    client.exec(`CREATE TEMP TABLE IF NOT EXISTS sample_${table} AS SELECT * FROM ${table}`)
    const copy = client.prepare(`
      INSERT INTO ${table} (${columns.join()})
      SELECT ${columns.map((name) => copies[name] ?? `s.${name}`).join()}
      FROM (WITH RECURSIVE g(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM g WHERE i + 1 < ?) SELECT i FROM g) g
      CROSS JOIN sample_${table} s`)
    for (let i = from / SAMPLE; i < to / SAMPLE; i += 50) copy.run(i, Math.min(i + 50, to / SAMPLE))
  }
}
