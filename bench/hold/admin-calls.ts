import { ADMIN_TOKEN } from '../../test/harness/harness.ts'

/** A call of the admin API on a filled app. */
export interface AdminCall {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

interface Filled {
  readonly app: string
  readonly device: string
  readonly installation: string
  readonly user: string
  readonly token: string
}

/** Every call of an operator, in an order in which nothing is removed before it is used. */
export function adminCalls({ app, device, installation, user, token }: Filled): readonly AdminCall[] {
  const at = `/apps/${app}`
  const get = (name: string, path: string): AdminCall => ({ name, method: 'GET', path })
  const filters = {
    dialect: 'pushwoosh',
    platform: 'android',
    provider: 'fcm',
    topic: 'news',
    user,
    token,
    active: 'true',
    q: 'hold-000017',
    externalId: 'hold-0000017',
    tag: 'Level',
    model: 'Pixel 8',
    appVersion: '1.0.0',
  }
  const feedback = Array.from({ length: 1000 }, (_, n) => ({ token: `${token}-${n}`, outcome: 'dead' }))
  return [
    get('apps', '/apps?limit=100'),
    get('one app', at),
    get('credentials', `${at}/credentials`),
    get('devices, first page', `${at}/devices?limit=100`),
    ...Object.entries(filters).flatMap(([name, value]) => [
      get(`devices by ${name}`, `${at}/devices?limit=100&${name}=${encodeURIComponent(value)}`),
      get(`installations by ${name}`, `${at}/installations?limit=100&${name}=${encodeURIComponent(value)}`),
    ]),
    get('devices by what nothing has', `${at}/devices?limit=100&topic=nobody&active=false`),
    get('one device', `${at}/devices/${device}`),
    get('its history', `${at}/devices/${device}/events`),
    get('one installation', `${at}/installations/${installation}`),
    get('topics', `${at}/topics?limit=100`),
    get('receipts', `${at}/receipts?limit=100`),
    get('stats', `${at}/stats`),
    get('webhooks', `${at}/webhooks`),
    get('refusals', '/refusals?limit=100'),
    get('audit', '/audit?limit=100'),
    { name: 'feedback, 1,000 rows', method: 'POST', path: `${at}/feedback`, body: feedback },
    { name: 'rename', method: 'PATCH', path: at, body: { name: 'renamed' } },
    get('user of many devices', `${at}/users/${user}`),
    { name: 'erase a user, dry run', method: 'DELETE', path: `${at}/users/${user}?dryRun=true` },
    { name: 'erase the user of many devices', method: 'DELETE', path: `${at}/users/${user}` },
    { name: 'delete a device', method: 'DELETE', path: `${at}/devices/${device}` },
    {
      name: 'take a dialect away, dry run',
      method: 'PATCH',
      path: `${at}?dryRun=true`,
      body: { dialects: { flameup: null } },
    },
    { name: 'take a dialect away', method: 'PATCH', path: at, body: { dialects: { flameup: null } } },
    { name: 'delete the app, dry run', method: 'DELETE', path: `${at}?dryRun=true` },
    { name: 'delete the app', method: 'DELETE', path: at },
  ]
}

export const adminRequest = ({ method, path, body }: AdminCall) => ({
  method,
  path: `/admin/v1${path}`,
  headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})
