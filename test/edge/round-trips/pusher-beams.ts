import { SignJWT } from 'jose'
import { pusherBeams } from '../../../adapters/pusher-beams/index.ts'
import type { ExampleRequest } from '../../harness/example.ts'
import { type DialectTable, json, type Registered, type Row } from './table.ts'

const instance = ({ dialect }: Pick<Registered, 'dialect'>) =>
  `/device_api/v1/instances/${dialect.instanceId}`
const device = (at: Registered) => `${instance(at)}/devices/fcm/${at.device}`
const interests = (at: Registered) => `${device(at)}/interests`
const registration = (dialect: Registered['dialect'], token: string) =>
  json('POST', `${instance({ dialect })}/devices/fcm`, { token, metadata: { sdkVersion: '1.9.2' } })
const setUser = async (at: Registered, user: string): Promise<ExampleRequest> => {
  const { instanceId, secretKey } = at.dialect
  const token = await new SignJWT({ sub: user })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(`https://${instanceId}.pushnotifications.pusher.com`)
    .setExpirationTime(at.h.clock.now.getTime() / 1000 + 3600)
    .sign(new TextEncoder().encode(String(secretKey)))
  return { method: 'PUT', path: `${device(at)}/user`, headers: { Authorization: `Bearer ${token}` } }
}
const asServer = (at: Registered, path: string): ExampleRequest => ({
  method: 'DELETE',
  path: `${path}/instances/${at.dialect.instanceId}/users/alice`,
  headers: { Authorization: `Bearer ${at.dialect.secretKey}` },
})

const publish = (path: string, audience: object, bound: number): Row => ({
  situation: `publish to ${Object.keys(audience)}`,
  bound,
  call({ dialect }) {
    const body = { ...audience, fcm: { notification: { title: 'hello' } } }
    const request = json('POST', `/publish_api/v1/instances/${dialect.instanceId}/publishes${path}`, body)
    return { ...request, headers: { ...request.headers, Authorization: `Bearer ${dialect.secretKey}` } }
  },
})

export const pusherBeamsTable: DialectTable = {
  adapter: pusherBeams,
  register: registration,
  deviceId: async (response) => (await response.json<{ id: string }>()).id,
  rows: [
    { situation: 'a new device', bound: 2, call: ({ dialect }) => registration(dialect, 'new') },
    {
      situation: 'an app start that changes nothing',
      bound: 1,
      given: ({ dialect }) => [registration(dialect, 'same')],
      call: ({ dialect }) => registration(dialect, 'same'),
    },
    {
      situation: 'web push key',
      bound: 0,
      call: (at) => json('GET', `${instance(at)}/web-vapid-public-key`),
    },
    { situation: 'read', bound: 1, call: (at) => json('GET', device(at)) },
    { situation: 'remove', bound: 1, call: (at) => json('DELETE', device(at)) },
    {
      situation: 'metadata as it was',
      bound: 1,
      call: (at) => json('PUT', `${device(at)}/metadata`, { sdkVersion: '1.9.2' }),
    },
    {
      situation: 'new metadata',
      bound: 2,
      call: (at) => json('PUT', `${device(at)}/metadata`, { sdkVersion: '2.0.0' }),
    },
    {
      situation: 'new token',
      bound: 2,
      call: (at) => json('PUT', `${device(at)}/token`, { token: 'other' }),
    },
    { situation: 'set the user', bound: 1, call: (at) => setUser(at, 'alice') },
    { situation: 'read interests', bound: 1, call: (at) => json('GET', interests(at)) },
    {
      situation: 'set interests',
      bound: 1,
      call: (at) => json('PUT', interests(at), { interests: ['a', 'b'] }),
    },
    { situation: 'add an interest', bound: 1, call: (at) => json('POST', `${interests(at)}/a`) },
    { situation: 'drop an interest', bound: 1, call: (at) => json('DELETE', `${interests(at)}/a`) },
    {
      situation: 'a notification was opened',
      bound: 1,
      call: (at) =>
        json('POST', `/reporting_api/v2/instances/${at.dialect.instanceId}/events`, {
          event: 'Open',
          publishId: 'pubid-1',
          deviceId: at.device,
          timestampSecs: Math.floor(at.h.clock.now.getTime() / 1000),
        }),
    },
    publish('', { interests: ['a'] }, 1),
    publish('/interests', { interests: ['a'] }, 1),
    publish('/users', { users: ['alice'] }, 1),
    { situation: 'remove a user', bound: 1, call: (at) => asServer(at, '/customer_api/v1') },
    { situation: 'remove a user', bound: 1, call: (at) => asServer(at, '/user_api/v1') },
  ],
}
