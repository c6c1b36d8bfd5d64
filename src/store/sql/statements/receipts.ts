import { keyed, staying } from '../conditions.ts'
import { greatest, least, member, number } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { order } from '../keyset.ts'
import { statement } from '../statement.ts'
import { type Alias, devices, receipts, removals } from '../tables.ts'
import { columns, type RowOf, sql, type Template, value } from '../template.ts'

const d = devices.as('d')
const own = receipts.as('receipts')
const sent = receipts.as('excluded')
const going = removals.as('going')
const anyGoing = removals.as('any_going')
const { deviceId, messageId, kind, count, firstAt, lastAt, details } = receipts

const reported = insertion(receipts, {
  deviceId: d.id,
  messageId: value('messageId'),
  kind: value('kind'),
  appId: d.appId,
  count: number(1),
  firstAt: value('now'),
  lastAt: value('now'),
  details: value('details'),
})

/** Reports may arrive late and out of order: the times are the earliest and the latest. */
export const recordReceipt = statement(sql`
  ${reported} FROM ${d} WHERE ${keyed(d)} AND ${staying(d)}
  ON CONFLICT (${deviceId}, ${messageId}, ${kind}) DO UPDATE SET ${count} = ${own.count} + 1,
    ${firstAt} = ${least(own.firstAt, sent.firstAt)}, ${lastAt} = ${greatest(own.lastAt, sent.lastAt)}, ${details} = ${sent.details}
  RETURNING ${columns({ count })}`)

export const columnsOfReceipt = (of: Alias<'receipts'>) =>
  columns({
    device_id: of.deviceId,
    message_id: of.messageId,
    kind: of.kind,
    count: of.count,
    first_at: of.firstAt,
    last_at: of.lastAt,
    details: of.details,
  })
export type ReceiptRow = RowOf<ReturnType<typeof columnsOfReceipt>>

/** Excludes reports of devices and users being removed; a report by a former device counts as its user's. */
const shown = sql`(NOT EXISTS (SELECT 1 FROM ${anyGoing} WHERE ${anyGoing.appId} = ${value('app')}) OR (
    NOT EXISTS (SELECT 1 FROM ${d} WHERE ${d.id} = ${own.deviceId} AND NOT ${staying(d)})
    AND NOT EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${value('app')} AND ${going.dialect} IS NULL
      AND ${going.userId} = ${member(own.details, '$.userId')} AND ${own.lastAt} <= ${going.at})))`

/** By message, device and kind. */
export const RECEIPTS = order('ASC', { afterMessage: '', afterDevice: '', afterKind: '' })
/** One page; each form scans one index. */
const page = <Names extends string>(filter: Template<Names>) =>
  statement(sql`
  SELECT ${columnsOfReceipt(receipts)} FROM ${receipts}
  WHERE ${receipts.appId} = ${value('app')} AND ${filter} AND ${shown}
    AND ${RECEIPTS.page({ afterMessage: messageId, afterDevice: deviceId, afterKind: kind })}`)

const ofDevice = sql`${deviceId} = ${value('deviceId')}`
const ofMessage = sql`${messageId} = ${value('messageId')}`
export const listReceipts = {
  all: page(sql`true`),
  device: page(ofDevice),
  message: page(ofMessage),
  both: page(sql`${ofDevice} AND ${ofMessage}`),
}
