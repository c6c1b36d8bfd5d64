import { sql } from 'drizzle-orm'
import { type Statement, statement } from '../statement.ts'

/** A write of one row that changes nothing for anybody. */
export const probe: Statement = statement(sql`
  INSERT INTO clocks (name, trusted_at, seen_at, steady_since)
  VALUES ('readiness probe', 0, ${sql.placeholder('now')}, 0)
  ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`)
