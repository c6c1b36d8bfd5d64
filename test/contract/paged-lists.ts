import type { Device } from '../../src/domain/device.ts'
import type { PageRequest, Place, TextPlace } from '../../src/domain/page.ts'
import type { Listing } from '../../src/store/contract/listing.ts'
import type { DeviceFilter, Installation, ReceiptPlace } from '../../src/store/store.ts'
import { catalogued } from './catalogue.ts'
import { heldOf, keyOf, POLICY, type RegisterOptions, reveal, unique } from './kit.ts'
import { type PagedList, reader, type World } from './page-reader.ts'

const scopeOf = ({ appId }: World) => ({ appId, dialect: 'red' })
const USER = { user: { id: 'alice', proved: true } }
const early = (name: string, first: boolean) => unique(first ? `a ${name}` : `b ${name}`)

/** Devices that the filter finds, registered under new names. */
const device = (more: () => RegisterOptions) => ({
  add: async ({ kit, appId }: World) => {
    const key = keyOf(appId)
    await kit.register(key, more())
    return key.externalId
  },
  remove: ({ kit, appId }: World, name: string) =>
    kit.store.devices.remove(keyOf(appId, 'red', name), kit.occasion()),
})
const ofUser = () => ({ token: unique('t'), patch: USER })

const nameOf = ({ externalId }: Pick<Device, 'externalId'>) => externalId
const devices = (filter: DeviceFilter) =>
  reader(({ kit, appId }, page: PageRequest) => kit.store.directory.devices(appId, filter, page), nameOf)
const installations = (filter: DeviceFilter) =>
  reader(
    ({ kit, appId }, page: PageRequest) => kit.store.directory.installations(appId, filter, page),
    ({ devices: [one] }: Installation) => one?.externalId ?? '',
  )

/** A list that is read in steps, as pages. */
const steps = <Criteria, Item, At extends Place>(
  listing: (world: World) => Listing<Criteria, Item, At>,
  criteria: Criteria,
  name: (item: Item) => string,
) =>
  reader(async (world, { after, limit }: PageRequest<At>) => {
    const window = { after, offset: 0, limit, counted: false }
    const { items, end } = await listing(world).step(scopeOf(world), criteria, window)
    return { items, next: end }
  }, name)

/** A topic with its own device, under the topic's name. */
const topic = {
  add: async ({ kit, appId }: World, first: boolean) => {
    const name = early('topic', first)
    await kit.register(keyOf(appId, 'red', name), { topics: { names: [name], when: 'created' } })
    return name
  },
  remove: device(() => ({})).remove,
}

/** A report about a message with its own device, under the message's name. */
const receipt = {
  add: async ({ kit, appId }: World, first: boolean) => {
    const messageId = early('message', first)
    const key = keyOf(appId, 'red', messageId)
    await kit.register(key)
    await kit.store.receipts.record({ key, messageId, kind: 'opened', at: kit.clock.now, details: {} })
    return messageId
  },
  remove: device(() => ({})).remove,
}
const receipts = (of: (world: World) => Promise<{ deviceId?: string }>) =>
  reader(
    async (world, page: PageRequest<ReceiptPlace>) =>
      world.kit.store.receipts.list(world.appId, await of(world), page),
    ({ messageId }: { messageId: string }) => messageId,
  )

const OF_USER = { user: 'alice' }

/** Every list that is read page by page. */
export const LISTS: Readonly<Record<string, PagedList>> = {
  apps: {
    order: 'newest',
    add: ({ kit }) => kit.createApp(),
    remove: ({ kit }, name) => kit.store.apps.remove(name, kit.occasion()),
    read: reader(
      async ({ kit, appId }, page: PageRequest) => {
        const { items, next } = await kit.store.apps.list(page)
        // The apps of other tests follow this one; with such small pages they would be thousands of pages.
        const behind = page.limit <= 2 && items.some(({ id }) => id === appId)
        return { items, next: behind ? null : next }
      },
      ({ id }) => id,
    ),
  },
  'the audit': {
    order: 'newest',
    add: async ({ kit, appId }) => {
      const entry = { id: unique('entry'), at: kit.clock.now, actor: 'a', action: 'a', appId, target: null }
      const change = { put: [], drop: [], name: entry.id }
      await kit.store.apps.change(appId, change, kit.occasion(), { ...entry, detail: {}, cause: 'c' })
      return entry.id
    },
    read: reader(
      ({ kit, appId }, page: PageRequest) => kit.store.audit.list(appId, page),
      ({ id }) => id,
    ),
  },
  'devices with a token': {
    ...device(() => ({ token: unique('t') })),
    order: 'newest',
    read: devices({ provider: 'fcm' }),
  },
  'devices of a user': { ...device(ofUser), order: 'newest', read: devices(OF_USER) },
  'devices that a text finds': {
    ...device(ofUser),
    order: 'newest',
    read: devices({ q: { text: 'alice', tokenHashes: [] } }),
  },
  installations: {
    ...device(() => ({ token: unique('t'), patch: { model: 'x' } })),
    order: 'newest',
    read: installations({ model: 'x' }),
  },
  'installations without a token': {
    ...device(() => ({ patch: { model: 'x' } })),
    order: 'newest',
    read: installations({ model: 'x' }),
  },
  'installations of a user': { ...device(ofUser), order: 'newest', read: installations(OF_USER) },
  'what is held about a user': {
    ...device(ofUser),
    order: 'newest',
    read: reader(
      async ({ kit, appId }, page: PageRequest) =>
        (await kit.store.held.about(heldOf(appId, 'alice'), page, reveal)).devices,
      nameOf,
    ),
  },
  'topics with their subscribers': {
    ...topic,
    order: 'text',
    read: reader(
      ({ kit, appId }, page: PageRequest<TextPlace>) => kit.store.directory.topics(appId, page),
      (one) => one.topic,
    ),
  },
  'a device’s topics': {
    order: 'text',
    add: async ({ kit, key }, first) => {
      const name = early('topic', first)
      await kit.store.topics.add({ key, names: [name], policy: POLICY, superseded: false }, kit.occasion())
      return name
    },
    remove: ({ kit, key }, name) =>
      kit.store.topics.remove({ key, names: [name], policy: POLICY, superseded: false }, kit.occasion()),
    read: reader(
      async ({ kit, key }, page: PageRequest<TextPlace>) => {
        const at = { now: kit.clock.now, superseded: false }
        return (await kit.store.topics.page(key, page, at)) ?? { items: [], next: null }
      },
      (name: string) => name,
    ),
  },
  receipts: { ...receipt, order: 'text', read: receipts(async () => ({})) },
  'a device’s receipts': {
    order: 'text',
    add: async ({ kit, key }, first) => {
      const messageId = early('message', first)
      await kit.store.receipts.record({ key, messageId, kind: 'opened', at: kit.clock.now, details: {} })
      return messageId
    },
    read: receipts(async ({ kit, key }) => {
      const { id = '' } = (await kit.store.devices.findByKey(key, kit.clock.now)) ?? {}
      return { deviceId: id }
    }),
  },
  'a dialect’s devices': {
    ...device(ofUser),
    order: 'oldest',
    read: steps(({ kit }) => kit.store.listings.devices, { user: 'alice' }, nameOf),
  },
  'a dialect’s devices, some of which match': {
    ...device(ofUser),
    order: 'oldest',
    read: steps(
      ({ kit }) => kit.store.listings.devices,
      { userContains: { lists: [['lic']], none: '' } },
      nameOf,
    ),
  },
  subscriptions: {
    ...topic,
    order: 'oldest',
    read: steps(
      ({ kit }) => kit.store.listings.subscriptions,
      {},
      (one) => one.topic,
    ),
  },
  'a catalogue': {
    order: 'oldest',
    add: async (world) => {
      const name = unique('name')
      await catalogued(world.kit, scopeOf(world), [name])
      return name
    },
    remove: (world, name) => world.kit.store.catalogue.remove(scopeOf(world), name, world.kit.occasion()),
    read: steps(
      ({ kit }) => kit.store.listings.catalogue,
      {},
      ({ name }) => name,
    ),
  },
  'a client’s devices': {
    ...device(ofUser),
    order: 'newest',
    ties: false,
    read: reader(async (world, { after, limit }: PageRequest) => {
      const { store, clock } = world.kit
      const window = { after, scan: limit, offset: 0, limit }
      const step = await store.devices.listStep(scopeOf(world), OF_USER, window, clock.now)
      return { items: step.items, next: step.end }
    }, nameOf),
  },
}
