import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import type { BeamsPlatform } from './devices.ts'
import { type Fault, fault } from './errors.ts'
import { SECRET_KEY } from './provisioning.ts'

/** The form of APNs tokens: at least 32 bytes in hexadecimal, in any grouping (identity R18). */
const isApnsToken = (token: string): boolean => /^(?:[0-9a-f]{2}){32,}$/i.test(token.replace(/[\s<>-]/g, ''))
/** The form of FCM tokens: base64url parts joined by colons. */
const isFcmToken = (token: string): boolean => /^[\w:-]+$/.test(token)

const CHECKS: Partial<
  Record<BeamsPlatform, { readonly fits: (token: string) => boolean; readonly wrong: Fault }>
> = {
  apns: { fits: isApnsToken, wrong: 'apnsTokenWrong' },
  fcm: { fits: isFcmToken, wrong: 'fcmTokenWrong' },
}

/**
 * Checks for the two 401 errors of registration, for apps that enable `checkTokens`. No push service is contacted:
 * credentials in the call must be the instance's, and the token must have its push service's form. Web tokens are not
 * checked.
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
    if (key === null || !(await c.get('gateway').apps.verify(app, [SECRET_KEY], key)))
      throw fault('credentialsWrong')
  }
  if (!check.fits(token)) throw fault(check.wrong)
}
