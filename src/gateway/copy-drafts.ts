import type { DialectApp } from '../domain/app.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CopyDraft, TakenCopy } from '../store/store.ts'

/** A request as it is copied. */
export interface CopiedRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  /** Base64url; null without one. */
  readonly body: string | null
  /** The device that it is about; null for none. */
  readonly subject: string | null
}

export interface CopyRequest {
  readonly app: DialectApp
  readonly route: string
  /** It must not arrive twice. */
  readonly once: boolean
  /** The users whom the call names. */
  readonly users: readonly string[]
  /** Push tokens and ids by which the vendor knows the devices that it makes, changes or ends. */
  readonly handles: readonly string[]
  readonly request: CopiedRequest
}

/** When a call was done; its id says which one of a device was first. */
export interface CopyTurn {
  readonly id: string
  readonly at: Date
}

export const deviceOf = ({ app, request: { subject } }: CopyRequest, id: string): string =>
  lineOf(app, subject ?? id)

/** The line in which the calls of a device are copied, by its id here. */
export const lineOf = ({ app, dialect }: DialectApp, externalId: string): string =>
  sha256Hex(JSON.stringify([app.id, dialect, externalId])).slice(0, 32)

export const scopeOf = ({ app }: CopyRequest): TakenCopy['scope'] => ({
  appId: app.app.id,
  dialect: app.dialect,
})

/** Binds a sealed copy to its app and dialect. */
export const copyContext = (appId: string, dialect: string): string => `${appId}/${dialect}/copy`

/** By what copies are found that name a device of an app in a dialect. */
export const handleMarks = (
  { app, handles }: Pick<CopyRequest, 'app' | 'handles'>,
  vault: Vault,
): Promise<string[]> =>
  Promise.all(
    handles.map(async (one) => `h:${await vault.fingerprint(one, `${app.app.id}/${app.dialect}/handle`)}`),
  )

/** A copy as it is stored. */
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
