import type { DialectApp } from '../../src/domain/app.ts'
import type { Registration } from '../../src/gateway/devices.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { SAMPLE, SPREAD } from './fill.ts'

export interface Query {
  readonly name: string
  readonly run: (n: number) => Promise<unknown>
}

const policy = { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: false }

/** A typical phone: an FCM token of 163 characters, three topics, and a user for every second one. */
export function phone(app: DialectApp, number: number): Registration {
  const digits = String(number).padStart(12, '0')
  const scattered = ((number * SPREAD) % 2 ** 32).toString(16).padStart(8, '0')
  return {
    app,
    externalId: `fcm-${scattered}-0000-4000-8000-${digits}`,
    identity: 'key',
    platform: 'android',
    pushToken: { provider: 'fcm', token: `${digits}:${'APA91b'.repeat(25)}` },
    patch: {
      sdkVersion: '1.9.2',
      osVersion: '14',
      details: { metadata: { sdkVersion: '1.9.2', androidVersion: '14' } },
      ...(number % 2 === 0 && { user: { id: `user-${number}`, proved: true } }),
    },
    topics: { names: ['news', `city-${number % 500}`, `club-${Math.floor(number / 10)}`], when: 'created' },
    policy,
    cause: `request-${number}`,
  }
}

/** The queries of phones and operators, over the given number of devices. */
export function queriesOf(gateway: Gateway, app: DialectApp, devices: number): readonly Query[] {
  const any = (n: number) => phone(app, (n * 7919 + 13) % devices)
  const { topics, tags, users, directory, maintenance } = gateway
  const page = { after: null, limit: 50 }
  const list = (name: string, filter: Parameters<typeof directory.devices>[1]): Query => ({
    name: `devices ${name}`,
    run: () => directory.devices(app.app.id, filter, page),
  })
  // Only the sample's tokens can be computed; those of copies are separate hashes.
  const sampled = phone(app, SAMPLE - 1).pushToken?.token ?? ''
  return [
    { name: 'read a device', run: (n) => gateway.devices.find(any(n)) },
    { name: 'app start, nothing new', run: (n) => gateway.devices.register(phone(app, n)) },
    { name: 'register a new device', run: (n) => gateway.devices.register(phone(app, 1e11 + devices + n)) },
    {
      name: 'set topics',
      run: (n) => topics.replace({ ...any(n), names: ['x', 'y'], policy, superseded: false }),
    },
    {
      name: 'set a tag',
      run: (n) =>
        tags.change({
          ...any(n),
          changes: [{ name: 'Level', do: 'set', as: [{ type: 'number', value: n }] }],
        }),
    },
    {
      name: 'bind a user',
      run: (n) =>
        users.bind({
          ...any(n),
          user: { id: `other-${n}`, proved: true },
          rules: { replace: true, limit: null },
        }),
    },
    { name: 'unregister', run: (n) => gateway.devices.unregister(phone(app, 1e11 + devices + n)) },
    list('newest', {}),
    list('of a user', { user: 'user-998' }),
    list('of a token', { token: sampled }),
    list('of a topic that all have', { topic: 'news' }),
    list('of a topic that ten have', { topic: 'club-3' }),
    list('of a topic that nobody has', { topic: 'nobody' }),
    list('of a platform that nobody has', { platform: 'ios' }),
    { name: 'installations newest', run: () => directory.installations(app.app.id, {}, page) },
    { name: 'topics with counts', run: () => directory.topics(app.app.id, { after: null, limit: 50 }) },
    { name: 'stats', run: () => directory.stats(app.app.id) },
    { name: 'maintenance, nothing due', run: () => maintenance.run({ milliseconds: 1000, steps: 4 }) },
  ]
}
