import { randomBase64Url } from '../domain/encoding.ts'
import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { RESERVED_NAMES, type Role } from '../domain/operator.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { OperatorKey, Store } from '../store/store.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'

/** A new secret, returned only once. */
export interface Made {
  readonly secret: string
  readonly key: OperatorKey
}

/** The owner of a session or link. `parent` is what it ends with: a token's id, or the mark of the admin token. */
export type Owner = Pick<OperatorKey, 'name' | 'role' | 'parent'>

/** Access to the administration: named admin tokens and console sessions. */
export interface Operators {
  /** The key with this secret; null if it is unknown, revoked or expired. */
  find(kind: 'token' | 'session', secret: string): Promise<OperatorKey | null>
  /** Opens a session that lasts 12 hours. */
  open(owner: Owner, about: string | null, by: By): Promise<Made>
  /** Creates a link that opens one session within 30 minutes. */
  link(owner: Owner, by?: By): Promise<Made>
  /** Uses up a link; null if it is unknown, used or expired. */
  redeem(secret: string): Promise<OperatorKey | null>
  /** Throws `conflict` if the name is taken, `invalid` if it is reserved. */
  createToken(of: { readonly name: string; readonly role: Role }, by: By): Promise<Made>
  list(kind: 'token' | 'session'): Promise<readonly OperatorKey[]>
  /** Revoking a token also ends its sessions. False for an unknown key. */
  revoke(kind: 'token' | 'session', id: string, by: By): Promise<boolean>
  /** Deletes a batch of expired keys; for maintenance. */
  drop(batch: number): Promise<number>
}

const HOUR = 3_600_000
const SESSION = 12 * HOUR
const LINK = HOUR / 2
/** The browser's self-description is cut at this length. */
const LONGEST = 300

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}

export function createOperators(deps: Deps): Operators {
  const { now, ids } = deps
  const store = deps.store.operators
  const entryOf = auditing(deps)

  function made(kind: OperatorKey['kind'], owner: Owner, lives: number | null, about: string | null = null) {
    const secret = `pp_${kind}_${randomBase64Url(32)}`
    const createdAt = now()
    const expiresAt = lives === null ? null : new Date(createdAt.getTime() + lives)
    const { name, role, parent } = owner
    const key = {
      ...{ id: ids.row(), kind, name, role, parent },
      about,
      createdAt,
      expiresAt,
      lastUsedAt: null,
    }
    return { secret, key }
  }
  const keep = ({ secret, key }: Made, entry?: ReturnType<typeof entryOf>) =>
    store.put({ ...key, hash: sha256Hex(secret) }, entry)

  return {
    async find(kind, secret) {
      const at = now()
      const key = await store.find(kind, sha256Hex(secret), at)
      if (!key) return null
      if (key.lastUsedAt === null || at.getTime() - key.lastUsedAt.getTime() >= HOUR)
        await store.noteUsed(key.id, at)
      return key
    },

    async open(owner, about, by) {
      const session = made('session', owner, SESSION, about?.slice(0, LONGEST) ?? null)
      const { id, role } = session.key
      await keep(session, entryOf(by, 'session.opened', { appId: null, target: id, detail: { role } }))
      return session
    },

    async link(owner, by = GATEWAY) {
      const link = made('link', owner, LINK)
      const { id, role } = link.key
      await keep(link, entryOf(by, 'link.created', { appId: null, target: id, detail: { role } }))
      return link
    },

    redeem: (secret) => store.take('link', sha256Hex(secret), now()),

    async createToken({ name, role }, by) {
      if (RESERVED_NAMES.has(name.toLowerCase()))
        throw refusal('invalid', `${name} is reserved for the gateway`)
      const token = made('token', { name, role, parent: null }, null)
      const detail = { name, role }
      const entry = entryOf(by, 'token.created', { appId: null, target: token.key.id, detail })
      if (!(await keep(token, entry))) throw refusal('conflict', `another token already has the name ${name}`)
      return token
    },

    list: (kind) => store.list(kind, now()),
    revoke: (kind, id, by) =>
      store.remove(kind, id, entryOf(by, `${kind}.revoked`, { appId: null, target: id })),
    drop: (batch) => store.drop(now(), batch),
  }
}

const refusal = (code: 'invalid' | 'conflict', message: string) =>
  new GatewayError(code, `name: ${message}`, { at: 'name', issues: [{ path: 'name', message }] })
