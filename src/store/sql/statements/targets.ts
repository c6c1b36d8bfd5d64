import { staying } from '../conditions.ts'
import { elements, flag, item, member } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, pushTokens, receipts, sendPages } from '../tables.ts'
import { columns, sql, value } from '../template.ts'

const g = sendPages.as('g')
const d = devices.as('d')
const p = pushTokens.as('p')
const r = receipts.as('r')
const j = item('j')

/** Pages of a message from a given one on: the page in which the last step ended is read again. */
const from = sql`FROM ${g} WHERE ${g.sendId} = ${value('send')} AND ${g.appId} = ${value('app')}
    AND (${g.run}, ${g.number}) >= (${value('run')}, ${value('fromPage')}) ORDER BY ${g.run}, ${g.number} LIMIT ${value('limit')}`

export const pagesOfMessage = statement(
  sql`SELECT ${columns({ run: g.run, number: g.number, result: g.result, tokens: g.tokens })} ${from}`,
)
/** For counting phones: reads a tenth of the bytes. */
export const resultsOfMessage = statement(
  sql`SELECT ${columns({ run: g.run, number: g.number, result: g.result })} ${from}`,
)

const reported = (kind: 'delivered' | 'opened') =>
  flag(sql`EXISTS (SELECT 1 FROM ${r} WHERE ${r.deviceId} = ${d.id} AND ${r.messageId} = ${value('externalId')}
    AND ${r.kind} = ${kind === 'opened' ? sql`'opened'` : sql`'delivered'`})`)

/** A dialect's devices with push tokens, the one seen last first, with their reports about a message. */
export const devicesOfTargets = statement(sql`
  SELECT ${columns({
    token_id: p.id,
    external_id: d.externalId,
    user_id: d.userId,
    platform_name: member(d.details, '$.platformName'),
    delivered: reported('delivered'),
    opened: reported('opened'),
  })}
  FROM ${elements(value('tokens'))} j CROSS JOIN ${p} CROSS JOIN ${d}
  WHERE ${p.id} = ${j.value} AND ${p.appId} = ${value('app')} AND ${d.pushTokenId} = ${p.id}
    AND ${d.dialect} = ${value('dialect')} AND ${staying(d)}
  ORDER BY ${d.lastSeenAt} DESC, ${d.id}`)
