import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { dateOf } from '../../src/store/sql/forms.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { raw, sql, value } from '../../src/store/sql/template.ts'
import { createWorld, DIALECTS, type Dialect, POLICIES, type World } from './kit.ts'

const RUNS = runtimeName === 'better-sqlite3' ? 80 : 10
const DAY = 86_400_000

type Count = Statement<{ kind: string; name: string; amount: number }>
const app = value('app')
const kept: Count = statement(
  sql`SELECT kind, name, amount FROM counters WHERE app_id = ${app} AND amount <> 0 ORDER BY kind, name`,
)
/** The same numbers by counting everything, as identity.md defines them and not as the counters are kept. */
const recounted: Count = statement(sql`
  SELECT * FROM (
    SELECT 'day' AS kind, ${dateOf(raw('created_at'))} AS name, count(*) AS amount
      FROM devices WHERE app_id = ${app} GROUP BY 2
    UNION ALL
    SELECT 'devices', d.dialect || '/' || d.platform || '/' || coalesce(p.provider, '') || '/'
        || CASE WHEN d.enabled = 1 AND p.state = 'live' THEN 1 ELSE 0 END AS name, count(*)
      FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id WHERE d.app_id = ${app} GROUP BY 2
    UNION ALL
    SELECT 'superseded', '', count(*) FROM devices WHERE app_id = ${app} AND superseded_at IS NOT NULL GROUP BY 2
    UNION ALL
    SELECT 'topic', s.topic, count(*) FROM subscriptions s JOIN devices d ON d.number = s.device
      LEFT JOIN push_tokens p ON p.id = d.push_token_id
      WHERE d.app_id = ${app} AND d.enabled = 1 AND d.superseded_at IS NULL AND coalesce(p.state, 'live') = 'live'
      GROUP BY s.topic) counts
  ORDER BY kind, name`)

async function check(world: World, said: string): Promise<void> {
  const values = { app: world.appId }
  const [counters, counts] = await world.h.db.read([call(kept, values), call(recounted, values)])
  expect(counters, said).toEqual(counts)
}

/** One call, ready to be made, and its name in a failure. */
interface Act {
  readonly said: string
  run(world: World, green: string[]): unknown
}

const ref = { dialect: fc.constantFrom(...DIALECTS), id: fc.nat({ max: 2 }) }
const topics = fc.subarray(['a', 'b', 'c', 'dd', 'all', 'default', 'nope'], { maxLength: 5 })
const user = fc.constantFrom('alice', 'bob')

const act = <Part extends object>(
  weight: number,
  said: string,
  part: fc.Arbitrary<Part>,
  run: (world: World, part: Part, green: string[]) => unknown,
) => ({
  weight,
  arbitrary: part.map(
    (one): Act => ({ said: `${said} ${JSON.stringify(one)}`, run: (world, green) => run(world, one, green) }),
  ),
})

/** In green a device is its token: its id comes from the answer to its registration. */
const at = (world: World, { dialect, id }: { dialect: Dialect; id: number }, green: readonly string[]) =>
  world.ref(dialect, dialect === 'green' ? (green[id] ?? 'nobody') : `${dialect} ${id}`)

let proposed = 0
const register = act(
  8,
  'register',
  fc.record({
    ...ref,
    token: fc.option(fc.nat({ max: 3 }), { freq: 6 }),
    platform: fc.constantFrom('android' as const, 'ios' as const),
    platformWhen: fc.constantFrom('always' as const, 'created' as const),
    enabled: fc.constantFrom(undefined, undefined, true, false),
    expires: fc.constantFrom(undefined, undefined, -1, DAY),
    user: fc.option(user),
    replacesAlike: fc.boolean(),
    names: fc.option(topics),
    when: fc.constantFrom('always' as const, 'created' as const),
  }),
  async (world, { dialect, id, token, enabled, expires, user: who, names, when, ...rest }, green) => {
    if (dialect === 'green' && token === null) return
    const name = dialect === 'green' ? `g ${proposed++}` : `${dialect} ${id}`
    const { externalId } = await world.register(dialect, name, {
      ...rest,
      identity: dialect === 'green' ? 'token' : 'key',
      ...(token !== null && { token: `token ${token}` }),
      patch: {
        enabled,
        ...(expires !== undefined && { expiresAt: new Date(world.h.clock.now.getTime() + expires) }),
        ...(who !== null && { user: { id: who, proved: false } }),
        name: 'phone',
        model: 'one',
      },
      // A value of a device keyed by its token that its adapter does not send at every registration.
      ...(names && { topics: { names, when: dialect === 'green' ? ('created' as const) : when } }),
    })
    if (dialect === 'green' && !green.includes(externalId)) green.push(externalId)
  },
)

const step: fc.Arbitrary<Act> = fc.oneof(
  register,
  act(
    3,
    'rotate',
    fc.record({
      ...ref,
      token: fc.option(fc.nat({ max: 3 })),
      holds: fc.constantFrom('it', 'another', 'any'),
    }),
    async (world, { token, holds, ...one }, green) => {
      const device = await world.h.gateway.devices.find(at(world, one, green))
      return world.h.gateway.devices.rotate({
        ...at(world, one, green),
        platform: 'ios',
        ...(token !== null && { pushToken: { provider: 'apns', token: `token ${token}` } }),
        ...(holds !== 'any' && { holding: holds === 'it' ? device?.pushToken?.id : 'another' }),
        superseded: true,
      })
    },
  ),
  act(1, 'unregister', fc.record(ref), (world, one, green) =>
    world.h.gateway.devices.unregister(at(world, one, green)),
  ),
  act(1, 'detach', fc.record(ref), (world, one, green) =>
    world.h.gateway.devices.detach(at(world, one, green)),
  ),
  act(1, 'remove the row', fc.record(ref), async (world, one, green) => {
    const device = await world.h.gateway.devices.find(at(world, one, green))
    if (device) await world.h.gateway.directory.removeDevice(world.appId, device.id)
  }),
  act(2, 'enable', fc.record({ ...ref, enabled: fc.boolean() }), (world, one, green) =>
    world.h.gateway.devices.update({
      ...at(world, one, green),
      patch: { enabled: one.enabled },
      superseded: true,
    }),
  ),
  act(
    3,
    'topics',
    fc.record({ ...ref, change: fc.constantFrom('add', 'remove', 'replace'), topics }),
    (world, one, green) =>
      world.h.gateway.topics[one.change]({
        ...at(world, one, green),
        names: one.topics,
        policy: POLICIES[one.dialect],
        superseded: true,
      }),
  ),
  act(1, 'leave', fc.record({ ...ref, topics }), (world, one, green) =>
    world.h.gateway.topics.leave({ ...at(world, one, green), names: one.topics }),
  ),
  act(
    2,
    'subscriptions',
    fc.record({ ...ref, change: fc.constantFrom('add', 'remove'), topics }),
    (world, one, green) =>
      world.h.gateway.subscriptions[one.change]({
        ...at(world, one, green),
        names: one.topics,
        policy: POLICIES.blue,
      }),
  ),
  act(
    2,
    'one subscription',
    fc.record({ ...ref, leaves: fc.boolean() }),
    async (world, { leaves, ...one }, green) => {
      const { app, externalId, cause } = at(world, one, green)
      const device = await world.h.gateway.devices.find({ app, externalId })
      const [id] = [...(device?.subscriptionIds.values() ?? [])]
      if (id === undefined) return
      if (leaves) await world.h.gateway.topics.leaveById({ app, subscriptionId: id, cause })
      else await world.h.gateway.subscriptions.removeById(app, id)
    },
  ),
  act(
    1,
    'catalogue',
    fc.record({ name: fc.constantFrom('a', 'b'), made: fc.boolean() }),
    (world, { name, made }) =>
      made
        ? world.h.gateway.catalogue.create({ app: world.apps.blue, name, description: '' })
        : world.h.gateway.catalogue.remove(world.apps.blue, name),
  ),
  act(
    1,
    'user',
    fc.record({ dialect: ref.dialect, user, what: fc.constantFrom('erase', 'move', 'remove') }),
    (world, { dialect, user: userId, what }) => {
      const [app, { directory, users }] = [world.apps[dialect], world.h.gateway]
      if (what === 'erase') return directory.eraseUser(world.appId, userId)
      if (what === 'move') return users.move({ app, from: userId, to: 'carol', cause: 'test' })
      return users.removeDevices({ app, userId, cause: 'test' })
    },
  ),
  act(
    2,
    'feedback',
    fc.record({ token: fc.nat({ max: 3 }), more: fc.nat({ max: 3 }) }),
    (world, { token, more }) =>
      world.h.gateway.feedback.report(
        world.appId,
        [token, more].map((one) => ({ token: `token ${one}`, outcome: 'dead' as const })),
        'test',
      ),
  ),
  act(1, 'a day later', fc.constant({}), (world) => world.h.clock.advance(DAY)),
  act(1, 'maintenance', fc.constant({}), (world) =>
    world.h.gateway.maintenance.run({ milliseconds: 10_000, steps: 100 }),
  ),
)

test(`C3: counters are what a full count finds after calls in any order, ${RUNS} times`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const [world, green] = [await createWorld(), [] as string[]]
      for (const one of steps) {
        world.h.clock.advance(1000)
        await one.run(world, green)
        await check(world, one.said)
      }
    }),
    { numRuns: RUNS },
  )
})

test(`C3: counters are what a full count finds after calls at once, ${RUNS} times`, async () => {
  const rounds = fc.array(fc.array(step, { minLength: 2, maxLength: 12, size: 'max' }), {
    maxLength: 4,
    size: 'max',
  })
  await fc.assert(
    fc.asyncProperty(rounds, async (batches) => {
      const [world, green] = [await createWorld(), [] as string[]]
      for (const batch of batches) {
        world.h.clock.advance(1000)
        await Promise.all(batch.map((one) => one.run(world, green)))
        await check(world, batch.map((one) => one.said).join('\n'))
      }
    }),
    { numRuns: RUNS },
  )
})

test('C3: a registration that changes nothing counts nothing, a first one at once', async () => {
  const plans: string[][] = []
  const world = await createWorld({}, (texts) => plans.push(texts))
  const options = { token: 'token', topics: { names: ['a'], when: 'created' as const } }
  const counting = () => plans.flat().filter((text) => /\bcounters\b/.test(text)).length
  plans.length = 0
  await world.register('red', 'one', options)
  expect(counting()).toBe(1)
  await world.register('red', 'one', options)
  expect([counting(), plans.length]).toEqual([1, 1])
})
