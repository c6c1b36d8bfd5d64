import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { adopted, copiedTo, grant, lesson, madeKnown, subject, unknown, users } from './mirrored.ts'
import type { Context } from './variables.ts'

const APP = '/apps/{app}'
const DEVICE = `${APP}/devices/{deviceId}`
const SUBSCRIPTIONS = `${APP}/subscriptions`

/** Calls of the push service: method, path, and the content of a successful answer. */
const PUSH: readonly (readonly [string, string, MirroredRoute['answers']?])[] = [
  ['POST', `${APP}/devices`],
  ['GET', `${APP}/devices`],
  ['GET', DEVICE],
  ['PUT', DEVICE],
  ['DELETE', DEVICE, 'nothing'],
  ['POST', SUBSCRIPTIONS],
  ['GET', SUBSCRIPTIONS],
  ['DELETE', SUBSCRIPTIONS, 'nothing'],
  ['GET', `${APP}/subscriptions/{subscriptionId}`],
  ['DELETE', `${APP}/subscriptions/{subscriptionId}`, 'nothing'],
]
/**
 * Calls about the vendor's own catalogue and settings, which are compared only if the vendor answers them.
 */
const OF_VENDOR = [`${APP}/tags`, `${APP}/settings/gcmConfPublic`]
/** Subscriptions have different ids at the vendor. */
const BY_ID = `${SUBSCRIPTIONS}/{subscriptionId}`

/**
 * The push service and the authorization server that issues its tokens. A token is valid only at the side
 * that issued it, so calls to both are forwarded. Calls that administer an app are forwarded too, but not
 * inspected. Stored in `record`: devices, subscriptions with the vendor's ids, and tags that have
 * subscriptions. Compared: answers of the push service. Copied in `shadow`: devices and subscriptions, with a
 * token that the vendor issues to a client of the operator's, because it does not accept ours; without such a
 * client, nothing is copied. Not mirrored: answers of the authorization server, which are valid only at the
 * side that made them, and subscriptions by id.
 */
export function mobileFirstMirror(context: Context): Mirroring {
  const runtime = `${context}/api`
  const push = [...PUSH, ...OF_VENDOR.map((path) => ['GET', path] as const)].map(
    ([method, path, answers = 'json']): MirroredRoute => ({
      name: `${method} /imfpush/v1${path}`,
      method,
      paths: [`/imfpush/v1${path}`, `${runtime}/imfpush/v1${path}`],
      answers,
      ...(OF_VENDOR.includes(path) || (path === BY_ID && method === 'GET')
        ? { copied: 'never' }
        : // The vendor does not accept our tokens.
          { granted: true }),
    }),
  )
  const authorization = (method: string, path: string, more: Partial<MirroredRoute> = {}): MirroredRoute => ({
    name: `${method} ${path}`,
    method,
    paths: [`${runtime}${path}`],
    answers: 'nothing',
    // A token is valid only at the side that issued it.
    passes: true,
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
    comparison: {
      texts: [
        { path: 'message', reason: 'generated, in the language of the caller' },
        { path: 'productErrorMessage', reason: 'generated' },
      ],
      ignored: [
        {
          path: 'href',
          reason: 'each side names its own address; an addition of real servers (section 5.1)',
        },
        { path: 'docUrl', reason: 'the vendor’s own pages' },
        { path: 'userAgent', reason: 'as the server saw the caller' },
        { path: 'pageInfo.next', reason: 'each side names its own address' },
        { path: 'pageInfo.previous', reason: 'each side names its own address' },
      ],
      ids: [{ path: 'subscriptionId', reason: 'made by the server (section 5.3)' }],
      sets: [
        { path: 'devices', reason: 'the order is nowhere documented' },
        { path: 'subscriptions', reason: 'the order is nowhere documented' },
        { path: 'subscribed', reason: 'the order is nowhere documented' },
        { path: 'tags', reason: 'the order is nowhere documented' },
      ],
    },
    masked: {
      tokens: ['token', 'access_token', 'clientSecret', 'appSecret', 'apiKey', 'senderId'],
      users: ['userId', 'deviceId', 'phoneNumber', 'id'],
    },
    unknown,
    prepare: madeKnown,
    adopt: adopted,
    lesson,
    subject,
    users,
    copiedTo,
    grant: grant(`${runtime}/az/v1/token`),
  }
}
