/** A request as the load generator sends it. */
export interface Shot {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Document = Readonly<Record<string, unknown>>

/** What the bench has to know of a dialect: an entry here is all that a new one needs. */
export interface BenchDialect {
  readonly name: string
  /** The registration of a device that nobody has seen; `n` never repeats. `document` is the app's, with its secrets. */
  readonly first: (document: Document, n: number) => Shot
  /** What device `n` sends at each later start; sent once before it is measured, so that the device exists. */
  readonly steady: (document: Document, n: number) => Shot
}

const json = { 'Content-Type': 'application/json' }

/** As long as the tokens that FCM gives out. */
const fcmToken = (name: string): string => `${name}-`.padEnd(163, 'x')

const beams = ({ instanceId }: Document, name: string): Shot => ({
  method: 'POST',
  path: `/device_api/v1/instances/${instanceId}/devices/fcm`,
  headers: json,
  body: JSON.stringify({
    token: fcmToken(name),
    knownPreviousClientIds: [],
    metadata: { sdkVersion: '1.9.2', androidVersion: '14' },
  }),
})

const flameup = ({ apiKeys }: Document, name: string): Shot => {
  // The limit that only echoes has no app.
  const keys = apiKeys as readonly { readonly key: string }[] | undefined
  return {
    method: 'POST',
    path: `/api/v1/people/person-${name}/devices`,
    headers: { ...json, Authorization: `Bearer ${keys?.[0]?.key}` },
    body: JSON.stringify({
      token: fcmToken(name),
      platform: 'android',
      device_name: 'Phone',
      device_model: 'Pixel 8',
      os_version: '14',
      app_version: '1.0.0',
    }),
  }
}

const pushwoosh = ({ applicationCode }: Document, name: string): Shot => ({
  method: 'POST',
  path: '/json/1.3/registerDevice',
  headers: { 'Content-Type': 'application/json; charset=utf-8', Authorization: 'Token null' },
  body: JSON.stringify({
    request: {
      application: applicationCode,
      hwid: name,
      userId: name,
      device_type: 3,
      v: '6.10.0',
      push_token: fcmToken(name),
      language: 'en',
      timezone: 3600,
      app_version: '1.0.0',
      device_model: 'Pixel 8',
      os_version: '14',
    },
  }),
})

const backendless = ({ applicationId, apiKeys }: Document, name: string): Shot => ({
  method: 'POST',
  path: `/${applicationId}/${(apiKeys as Readonly<Record<string, string>> | undefined)?.js}/messaging/registrations`,
  headers: json,
  body: JSON.stringify({
    deviceToken: fcmToken(name),
    deviceId: name,
    os: 'ANDROID',
    osVersion: '14',
    channels: ['default'],
  }),
})

/** Tells the devices that are new from those of the fleet. */
const both = (shot: (document: Document, name: string) => Shot): Pick<BenchDialect, 'first' | 'steady'> => ({
  first: (document, n) => shot(document, `first-${n}`),
  steady: (document, n) => shot(document, `steady-${n}`),
})

export const dialects: readonly BenchDialect[] = [
  { name: 'pusher-beams', ...both(beams) },
  { name: 'flameup', ...both(flameup) },
  { name: 'pushwoosh', ...both(pushwoosh) },
  { name: 'backendless', ...both(backendless) },
]

/** How many devices the steady requests come from. */
export const FLEET = 500
