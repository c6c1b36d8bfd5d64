import { believed, madeAt, scoped, spoken, takenAway } from '../conditions.ts'
import { listed, number } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { clients, documents, grants, signingKeys } from '../tables.ts'
import { columns, type RowOf, sql, value } from '../template.ts'

const scope = { appId: value('app'), dialect: value('dialect') } as const

const { signsUntil, expiresAt } = signingKeys
const keyColumns = columns({
  id: signingKeys.id,
  app_id: signingKeys.appId,
  dialect: signingKeys.dialect,
  public_key: signingKeys.publicKey,
  sealed: signingKeys.sealed,
  signs_until: signsUntil,
  expires_at: expiresAt,
})
export type SigningKeyRow = RowOf<typeof keyColumns>

const ofScope = scoped(signingKeys)
const signing = sql`${ofScope} AND ${signsUntil} > ${value('now')}`

/** The current signing key. */
export const signingKey = statement(
  sql`SELECT ${keyColumns} FROM ${signingKeys} WHERE ${signing} ORDER BY ${signsUntil} DESC, ${signingKeys.id} LIMIT 1`,
)

/** If several are created concurrently, the first one stays. */
export const putSigningKey = statement(sql`
  ${insertion(signingKeys, {
    id: value('id'),
    ...scope,
    publicKey: value('publicKey'),
    sealed: value('sealed'),
    createdAt: value('now'),
    signsUntil: value('signsUntil'),
    expiresAt: value('expiresAt'),
  })}
  WHERE ${spoken} AND NOT EXISTS (SELECT 1 FROM ${signingKeys} WHERE ${signing})`)

export const dropExpiredKeys = statement(
  sql`DELETE FROM ${signingKeys} WHERE ${ofScope} AND ${expiresAt} <= ${value('now')} AND ${believed('now')}`,
)

export const verifyingKey = statement(
  sql`SELECT ${keyColumns} FROM ${signingKeys} WHERE ${signingKeys.id} = ${value('id')} AND ${expiresAt} > ${value('now')}`,
)
export const verifyingKeys = statement(
  sql`SELECT ${keyColumns} FROM ${signingKeys} WHERE ${ofScope} AND ${expiresAt} > ${value('now')} ORDER BY ${signsUntil} DESC, ${signingKeys.id}`,
)

const c = clients.as('c')
const own = clients.as('clients')
const { id, about, externalId, updatedAt } = clients
const idOfClient = columns({ id })

export const putClient = statement(sql`
  ${insertion(clients, {
    id: value('id'),
    ...scope,
    sealed: value('sealed'),
    about: value('about'),
    externalId: value('externalId'),
    createdAt: madeAt,
    updatedAt: value('now'),
  })}
  WHERE ${spoken} RETURNING ${idOfClient}`)
/** Deletes a bounded number of clients that have not described themselves for long. */
export const dropOldClients = statement(sql`
  DELETE FROM ${clients} WHERE ${id} IN (SELECT ${id} FROM ${clients} WHERE ${updatedAt} <= ${value('before')} ORDER BY ${updatedAt} LIMIT 100)
    AND ${believed('now')}`)
export const findClient = statement(sql`
  SELECT ${columns({
    id,
    app_id: clients.appId,
    dialect: clients.dialect,
    sealed: clients.sealed,
    about,
    external_id: externalId,
  })} FROM ${c} WHERE ${id} = ${value('id')} AND NOT ${takenAway(c)}`)
export const knownClient = statement(
  sql`SELECT ${idOfClient} FROM ${c} WHERE ${id} = ${value('id')} AND ${scoped(clients)} AND NOT ${takenAway(c)}`,
)
export const describeClient = statement(sql`
  UPDATE ${clients} SET ${about} = ${value('about')}, ${externalId} = ${value('externalId')}, ${updatedAt} = ${value('now')}
  WHERE ${id} = ${value('id')} AND NOT ${takenAway(own)} RETURNING ${idOfClient}`)

/** Deletes a bounded number of codes that were never redeemed. */
export const dropExpiredGrants = statement(sql`
  DELETE FROM ${grants} WHERE ${grants.id} IN (SELECT ${grants.id} FROM ${grants} WHERE ${grants.expiresAt} <= ${value('now')} ORDER BY ${grants.expiresAt} LIMIT 100)`)
export const putGrant = statement(sql`
  ${insertion(grants, {
    id: value('id'),
    ...scope,
    clientId: value('client'),
    detail: value('detail'),
    expiresAt: value('expiresAt'),
  })}
  WHERE ${spoken} RETURNING ${columns({ id: grants.id })}`)
export const takeGrant = statement(sql`
  DELETE FROM ${grants} WHERE ${grants.id} = ${value('id')} RETURNING ${columns({
    app_id: grants.appId,
    dialect: grants.dialect,
    client_id: grants.clientId,
    detail: grants.detail,
    expires_at: grants.expiresAt,
  })}`)

const { kind, sealed } = documents
const sent = documents.as('excluded')
const ofKind = sql`${scoped(documents)} AND ${kind} = ${value('kind')}`

export const putDocument = statement(sql`
  ${insertion(documents, { ...scope, kind: value('kind'), sealed: value('sealed'), updatedAt: value('now'), offered: number(1) })} WHERE ${spoken}
  ON CONFLICT (${documents.appId}, ${documents.dialect}, ${kind}) DO UPDATE SET ${sealed} = ${sent.sealed}, ${documents.updatedAt} = ${sent.updatedAt}, ${documents.offered} = 1
  RETURNING ${columns({ kind })}`)
export const findDocument = statement(
  sql`SELECT ${columns({ sealed, updated_at: documents.updatedAt })} FROM ${documents} WHERE ${ofKind}`,
)
export const unofferedDocuments = statement(sql`
  SELECT ${columns({ app_id: documents.appId, dialect: documents.dialect, kind })} FROM ${documents}
  WHERE ${documents.offered} = 0 AND ${kind} IN ${listed('kinds')} LIMIT ${value('limit')}`)
export const noteOffered = statement(sql`UPDATE ${documents} SET ${documents.offered} = 1 WHERE ${ofKind}`)
export const removeDocument = statement(
  sql`DELETE FROM ${documents} WHERE ${ofKind} RETURNING ${columns({ kind })}`,
)
