import type { DialectApp } from '../domain/app.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CopyDraft, TakenCopy } from '../store/store.ts'

/** A request to be copied. */
export interface CopiedRequest {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  /** Base64url; null without a body. */
  readonly body: string | null
  /** The device that the call is about; null for none. */
  readonly subject: string | null
}

export interface CopyRequest {
  readonly app: DialectApp
  readonly route: string
  /** The copy must not arrive twice. */
  readonly once: boolean
  /** The users that the call names. */
  readonly users: readonly string[]
  /** Push tokens and vendor ids of the devices that the call creates, changes or removes. */
  readonly handles: readonly string[]
  readonly request: CopiedRequest
}

/** When a call was made; the order of ids is the order of calls. */
export interface CopyTurn {
  readonly id: string
  readonly at: Date
}

export const deviceOf = ({ app, request: { subject } }: CopyRequest, id: string): string =>
  lineOf(app, subject ?? id)

/** The key of the line in which a device's calls are copied; `externalId` is its id here. */
export const lineOf = ({ app, dialect }: DialectApp, externalId: string): string =>
  sha256Hex(JSON.stringify([app.id, dialect, externalId])).slice(0, 32)

export const scopeOf = ({ app }: CopyRequest): TakenCopy['scope'] => ({
  appId: app.app.id,
  dialect: app.dialect,
})

/** Binds a sealed copy to its app and dialect. */
export const copyContext = (appId: string, dialect: string): string => `${appId}/${dialect}/copy`

/** Keyed hashes of handles, by which copies for the same device are found. */
export const handleMarks = (
  { app, handles }: Pick<CopyRequest, 'app' | 'handles'>,
  vault: Vault,
): Promise<string[]> =>
  Promise.all(
    handles.map(async (one) => `h:${await vault.fingerprint(one, `${app.app.id}/${app.dialect}/handle`)}`),
  )

/** Builds the stored form of a copy. */
export async function drafted(copy: CopyRequest, { id, at }: CopyTurn, vault: Vault): Promise<CopyDraft> {
  const { app, route, once, users, request } = copy
  const { method, target, body } = request
  return {
    ...{ id, route, once, at },
    scope: scopeOf(copy),
    device: deviceOf(copy, id),
    externalId: request.subject,
    subjects: [
      ...(await Promise.all(users.map((user) => vault.fingerprint(user, `${app.app.id}/user`)))),
      ...(await handleMarks(copy, vault)),
    ],
    same: sha256Hex(JSON.stringify([method, target, body])).slice(0, 32),
    sealed: await vault.seal(JSON.stringify(request), copyContext(app.app.id, app.dialect)),
  }
}
