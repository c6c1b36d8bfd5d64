import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { operatorKeys } from '../tables.ts'
import { columns, type RowOf, sql, value } from '../template.ts'

const { id, kind, hash, parent, createdAt, expiresAt, lastUsedAt } = operatorKeys

const keyColumns = columns({
  id,
  kind,
  name: operatorKeys.name,
  role: operatorKeys.role,
  parent,
  about: operatorKeys.about,
  created_at: createdAt,
  expires_at: expiresAt,
  last_used_at: lastUsedAt,
})
export type OperatorKeyRow = RowOf<typeof keyColumns>

const living = sql`(${expiresAt} IS NULL OR ${expiresAt} > ${value('now')})`
const ofHash = sql`${hash} = ${value('hash')} AND ${kind} = ${value('kind')}`

/** A name in use by another token is refused by the index. */
export const putOperatorKey = statement(sql`
  ${insertion(operatorKeys, {
    id: value('id'),
    kind: value('kind'),
    hash: value('hash'),
    name: value('name'),
    role: value('role'),
    parent: value('parent'),
    about: value('about'),
    createdAt: value('createdAt'),
    expiresAt: value('expiresAt'),
    lastUsedAt: value('lastUsedAt'),
  })}
  WHERE true ON CONFLICT DO NOTHING RETURNING ${columns({ id })}`)
export const findOperatorKey = statement(
  sql`SELECT ${keyColumns} FROM ${operatorKeys} WHERE ${ofHash} AND ${living}`,
)
export const takeOperatorKey = statement(
  sql`DELETE FROM ${operatorKeys} WHERE ${ofHash} RETURNING ${keyColumns}`,
)
export const operatorKeyList = statement(sql`
  SELECT ${keyColumns} FROM ${operatorKeys} WHERE ${kind} = ${value('kind')} AND ${living}
  ORDER BY ${createdAt} DESC, ${id} DESC LIMIT 500`)
export const removeOperatorKey = statement(
  sql`DELETE FROM ${operatorKeys} WHERE ${id} = ${value('id')} AND ${kind} = ${value('kind')} RETURNING ${columns({ id })}`,
)
export const removeOfParent = statement(sql`DELETE FROM ${operatorKeys} WHERE ${parent} = ${value('id')}`)
export const noteOperatorKeyUsed = statement(sql`
  UPDATE ${operatorKeys} SET ${lastUsedAt} = ${value('at')}
  WHERE ${id} = ${value('id')} AND (${lastUsedAt} IS NULL OR ${lastUsedAt} < ${value('at')})`)
export const dropOperatorKeys = statement(sql`
  DELETE FROM ${operatorKeys} WHERE ${id} IN (SELECT ${id} FROM ${operatorKeys} WHERE ${expiresAt} <= ${value('now')} ORDER BY ${expiresAt} LIMIT ${value('batch')})
  RETURNING ${columns({ id })}`)
