import * as z from 'zod'
import { backendless } from '../../../adapters/backendless/index.ts'
import { binaryCall } from '../../adapters/backendless/amf/calls.ts'
import { type DialectTable, json, type Registered } from './table.ts'

const Document = z.object({ applicationId: z.string(), apiKeys: z.record(z.string(), z.string()) })
type Dialect = Registered['dialect']

const at = (dialect: Dialect, rest: string, kind = 'rest') => {
  const { applicationId, apiKeys } = Document.parse(dialect)
  return `/${applicationId}/${apiKeys[kind]}${rest}`
}
const registration = (dialect: Dialect, deviceToken: string, more = {}) =>
  json('POST', at(dialect, '/messaging/registrations'), {
    deviceToken,
    deviceId: `device-of-${deviceToken}`,
    os: 'ANDROID',
    osVersion: '14',
    ...more,
  })
const of = ({ dialect, device }: Registered) => at(dialect, `/messaging/registrations/${device}`)
const NEWS = '/messaging/news'
const MESSAGING = 'com.backendless.services.messaging.MessagingService'
async function published({ h, dialect }: Registered): Promise<string> {
  const body = { message: 'hello', publishAt: '2030-01-01' }
  const answer = await h.request('POST', at(dialect, NEWS), { body })
  return (await answer.json<{ messageId: string }>()).messageId
}

export const backendlessTable: DialectTable = {
  adapter: backendless,
  register: registration,
  // The answer has ids of registrations; the device's id is the client's own.
  deviceId: async (_, token) => `device-of-${token}`,
  rows: [
    { situation: 'a new device', bound: 2, call: ({ dialect }) => registration(dialect, 'new') },
    {
      situation: 'an app start that changes nothing',
      bound: 1,
      given: ({ dialect }) => [registration(dialect, 'same')],
      call: ({ dialect }) => registration(dialect, 'same'),
    },
    {
      situation: 'one more channel',
      bound: 2,
      given: ({ dialect }) => [registration(dialect, 'same')],
      call: ({ dialect }) => registration(dialect, 'same', { channels: ['news'] }),
    },
    { situation: 'read', bound: 1, call: (on) => json('GET', of(on)) },
    { situation: 'remove', bound: 1, call: (on) => json('DELETE', of(on)) },
    {
      situation: 'remove, as older clients do',
      bound: 1,
      call: ({ dialect, device }) => json('DELETE', at(dialect, `/messaging/registration/${device}`)),
    },
    {
      situation: 'templates',
      bound: 0,
      call: ({ dialect }) => json('GET', at(dialect, '/messaging/pushtemplates')),
    },
    {
      situation: 'templates of a platform',
      bound: 0,
      call: ({ dialect }) => json('GET', at(dialect, '/messaging/pushtemplates/ANDROID')),
    },
    { situation: 'info', bound: 0, call: ({ dialect }) => json('GET', at(dialect, '/info')) },
    {
      situation: 'rows of a device',
      bound: 1,
      call: ({ dialect, device }) =>
        json('POST', at(dialect, '/data/DeviceRegistration/find'), { where: `deviceId='${device}'` }),
    },
    {
      situation: 'remove a row',
      bound: 2,
      async call({ h, dialect, device }) {
        const found = await h.request('POST', at(dialect, '/data/DeviceRegistration/find'), {
          body: { where: `deviceId='${device}'` },
        })
        const [row] = await found.json<{ objectId: string }[]>()
        return json('DELETE', at(dialect, `/data/DeviceRegistration/${row?.objectId}`))
      },
    },
    {
      situation: 'the Android SDK, one channel less',
      bound: 1,
      call: ({ dialect, device }) => ({
        method: 'POST',
        path: at(dialect, '/binary', 'android'),
        headers: { 'Content-Type': 'application/x-amf' },
        body: binaryCall('unregisterDevice', [device, ['news']]),
      }),
    },
    {
      situation: 'publish',
      bound: 1,
      call: ({ dialect }) => json('POST', at(dialect, NEWS), { message: 'hello' }),
    },
    {
      situation: 'publish, the Android SDK',
      bound: 1,
      call: ({ dialect }) => ({
        method: 'POST',
        path: at(dialect, '/binary', 'android'),
        headers: { 'Content-Type': 'application/x-amf' },
        body: binaryCall('publish', ['news', 'hello', null, null], { source: MESSAGING }),
      }),
    },
    {
      situation: 'push a template that is not there',
      bound: 0,
      refused: true,
      call: ({ dialect }) => json('POST', at(dialect, '/messaging/push/none'), {}),
    },
    {
      situation: 'push a template',
      bound: 1,
      call: ({ dialect }) => json('POST', at(dialect, '/messaging/push'), { message: 'hello' }),
    },
    {
      situation: 'the status of a message',
      bound: 1,
      call: async (on) => json('GET', at(on.dialect, `/messaging/${await published(on)}`)),
    },
    {
      situation: 'cancel a message',
      bound: 3,
      call: async (on) => json('DELETE', at(on.dialect, `/messaging/${await published(on)}`)),
    },
  ],
}
