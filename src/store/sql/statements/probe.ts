import { literal } from '../forms.ts'
import { statement } from '../statement.ts'
import { clocks } from '../tables.ts'
import { columns, sql, value } from '../template.ts'

const sent = clocks.as('excluded')
const NAME = literal('readiness probe')

/** Writes one row that has no other use. */
export const probe = statement(sql`
  INSERT INTO ${clocks} (${clocks.name}, ${clocks.trustedAt}, ${clocks.seenAt}, ${clocks.steadySince})
  VALUES (${NAME}, 0, ${value('now')}, 0)
  ON CONFLICT (${clocks.name}) DO UPDATE SET ${clocks.seenAt} = ${sent.seenAt}`)

/** The time of the last of these writes. */
export const lastProbe = statement(
  sql`SELECT ${columns({ at: clocks.seenAt })} FROM ${clocks} WHERE ${clocks.name} = ${NAME}`,
)
