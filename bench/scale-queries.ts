import type { Store } from '../src/store/store.ts'
import { draftOf } from './scale.ts'

/** So many phones share a topic of their own; one topic is everybody's. */
export const PHONES_A_TOPIC = 10

export interface Query {
  readonly name: string
  readonly run: (n: number) => Promise<unknown>
}

const now = new Date(Date.UTC(2026, 0, 2))
const occasion = { at: now, cause: 'bench' }
const page = { cursor: null, limit: 50 }

/** What phones, clients and operators ask, over a store of so many devices. */
export function queriesOf(store: Store, held: number): readonly Query[] {
  const some = (n: number) => draftOf(Math.floor((n * 7919) % held))
  const appOf = (n: number) => some(n).key.appId
  const { devices, topics, users, tags, directory, upkeep } = store
  const policy = { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: false }
  const list = (name: string, filter: (n: number) => Parameters<typeof directory.devices>[1]): Query => ({
    name: `admin: devices ${name}`,
    run: (n) => directory.devices(appOf(n), filter(n), page),
  })
  return [
    { name: 'app look-up', run: () => store.apps.findByName('one', 'one') },
    { name: 'device by id', run: (n) => devices.findByKey(some(n).key, now) },
    {
      name: 'device by token',
      run: (n) => devices.findByToken(some(n).key, some(n).token ?? { provider: 'fcm', hash: '' }, now),
    },
    { name: 'register, known', run: (n) => devices.register(some(n), occasion) },
    {
      name: 'set topics',
      run: (n) =>
        topics.replace({ key: some(n).key, names: ['news', 'x', `y-${n}`], policy, superseded: false }, now),
    },
    {
      name: 'set a tag',
      run: (n) =>
        tags.change(some(n).key, [{ name: 'Level', do: 'set', as: [{ type: 'number', value: n }] }], now),
    },
    {
      name: 'bind a user',
      run: (n) =>
        users.bind(some(n).key, { id: `other-${n}`, proved: true }, { replace: true, limit: null }, occasion),
    },
    list('newest', () => ({})),
    list('by user', (n) => ({ user: some(n).patch.user?.id ?? 'user-0' })),
    list('by token', (n) => ({ tokenHashes: [some(n).token?.hash ?? ''] })),
    list('by a topic of all', () => ({ topic: 'news' })),
    list('by a topic of ten', () => ({ topic: 'club-3' })),
    list('by a topic of none', () => ({ topic: 'nobody' })),
    list('by platform of none', () => ({ platform: 'ios' })),
    { name: 'admin: installations', run: (n) => directory.installations(appOf(n), {}, page) },
    { name: 'admin: history', run: (n) => directory.history(appOf(n), some(n).deviceId) },
    { name: 'admin: topics with counts', run: (n) => directory.topics(appOf(n), { after: '', limit: 50 }) },
    { name: 'admin: stats', run: (n) => directory.stats(appOf(n), now) },
    { name: 'maintenance: nothing due', run: () => nothingDue(upkeep) },
  ]
}

async function nothingDue(upkeep: Store['upkeep']): Promise<void> {
  const long = new Date(0)
  await upkeep.expireDevices(100, { at: long, cause: 'bench' })
  await upkeep.dropHistory(long, 100)
  await upkeep.dropReceipts(long, 100)
  await upkeep.dropTombstones(long, 100)
}
