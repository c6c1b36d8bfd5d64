import Database from 'better-sqlite3'

/**
 * Marks every phone as seen just now, because the product writes that at most hourly, and a steady
 * registration does not include it.
 */
export function touch(file: string): void {
  const client = new Database(file)
  client.pragma('synchronous = OFF')
  client.pragma('cache_size = -1000000')
  client.prepare('UPDATE devices SET last_seen_at = ?').run(Date.now())
  client.prepare('UPDATE push_tokens SET registered_at = ?').run(Date.now())
  client.pragma('wal_checkpoint(TRUNCATE)')
  client.close()
}
