import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import type { Context } from './variables.ts'

const APP = '/apps/{app}'
const DEVICE = `${APP}/devices/{deviceId}`
const SUBSCRIPTIONS = `${APP}/subscriptions`

/** Calls of the push service: method, path, and what a success holds. */
const PUSH: readonly (readonly [string, string, MirroredRoute['answers']?])[] = [
  ['POST', `${APP}/devices`],
  ['GET', `${APP}/devices`],
  ['GET', DEVICE],
  ['PUT', DEVICE],
  ['DELETE', DEVICE, 'nothing'],
  ['POST', SUBSCRIPTIONS],
  ['GET', SUBSCRIPTIONS],
  ['DELETE', SUBSCRIPTIONS, 'nothing'],
  ['GET', `${SUBSCRIPTIONS}/{subscriptionId}`],
  ['DELETE', `${SUBSCRIPTIONS}/{subscriptionId}`, 'nothing'],
  ['GET', `${APP}/tags`],
  ['GET', `${APP}/settings/gcmConfPublic`],
]

/**
 * The push service, and the authorization server that its tokens come from: whose answers are passed on has to have issued
 * the token, so both go to the vendor. What administers an app is passed on, too, but not looked into.
 */
export function mobileFirstMirror(context: Context): Mirroring {
  const runtime = `${context}/api`
  const push = PUSH.map(
    ([method, path, answers = 'json']): MirroredRoute => ({
      name: `${method} /imfpush/v1${path}`,
      method,
      paths: [`/imfpush/v1${path}`, `${runtime}/imfpush/v1${path}`],
      answers,
    }),
  )
  const authorization = (method: string, path: string, more: Partial<MirroredRoute> = {}): MirroredRoute => ({
    name: `${method} ${path}`,
    method,
    paths: [`${runtime}${path}`],
    answers: 'nothing',
    ...more,
  })
  const ofClient = true
  return {
    routes: [
      ...push,
      authorization('POST', '/registration/v1/self'),
      authorization('PUT', '/registration/v1/self/{client}', { ofClient }),
      authorization('GET', '/registration/v1/self/{client}', { ofClient }),
      authorization('POST', '/preauth/v1/preauthorize', { ofClient }),
      authorization('POST', '/preauth/v1/heartbeat', { ofClient }),
      authorization('POST', '/preauth/v1/logout', { ofClient }),
      authorization('GET', '/az/v1/authorization', { ofClient, sendsOn: 'redirect_uri' }),
      authorization('GET', '/az/v1/authorization/redirect/{client}', { ofClient }),
      authorization('POST', '/az/v1/token', { ofClient }),
    ],
    credentials: [['clientId', 'clientSecret']],
  }
}
