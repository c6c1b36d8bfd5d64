import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import type { BeamsPlatform } from './devices.ts'
import { type Fault, fault } from './errors.ts'
import { SECRET_KEY } from './provisioning.ts'

/** 32 bytes or more as hexadecimal, however they are grouped (identity R18): what APNs hands out. */
const isApnsToken = (token: string): boolean => /^(?:[0-9a-f]{2}){32,}$/i.test(token.replace(/[\s<>-]/g, ''))
/** What FCM hands out: base64url, its parts joined by colons. */
const isFcmToken = (token: string): boolean => /^[\w:-]+$/.test(token)

const CHECKS: Partial<
  Record<BeamsPlatform, { readonly fits: (token: string) => boolean; readonly wrong: Fault }>
> = {
  apns: { fits: isApnsToken, wrong: 'apnsTokenWrong' },
  fcm: { fits: isFcmToken, wrong: 'fcmTokenWrong' },
}

/**
 * The two 401 rows of registration, for an app that asks for them (`checkTokens`). No push service is asked: credentials
 * that the call itself brings must be the instance's, and a token must have the form that its push service gives it.
 * Web tokens have no such row.
 */
export async function checkRegistration(
  c: Request,
  app: DialectApp,
  { platform, token }: { readonly platform: BeamsPlatform; readonly token: string },
): Promise<void> {
  const check = CHECKS[platform]
  if (!check) return
  const presented = bearerToken(c.req.header('authorization'))
  if (presented !== 'missing') {
    const key = presented === 'malformed' ? null : presented.token
    if (key === null || !(await c.var.gateway.apps.verify(app, [SECRET_KEY], key)))
      throw fault('credentialsWrong')
  }
  if (!check.fits(token)) throw fault(check.wrong)
}
