import { statement } from '../statement.ts'
import { clocks } from '../tables.ts'
import { sql, value } from '../template.ts'

const sent = clocks.as('excluded')

/** A write of one row that changes nothing for anybody. */
export const probe = statement(sql`
  INSERT INTO ${clocks} (${clocks.name}, ${clocks.trustedAt}, ${clocks.seenAt}, ${clocks.steadySince})
  VALUES ('readiness probe', 0, ${value('now')}, 0)
  ON CONFLICT (${clocks.name}) DO UPDATE SET ${clocks.seenAt} = ${sent.seenAt}`)
