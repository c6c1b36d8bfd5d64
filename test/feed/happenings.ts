import fc from 'fast-check'
import type { World } from '../identity/kit.ts'
import { DIALECTS, type Dialect } from '../identity/kit.ts'
import { type Names, type Step, sidesOf, step } from '../identity/steps.ts'
import { ENOUGH } from '../removals/kit.ts'
import { byId, comparable, type Doc } from './replica.ts'

/** All other changes of a device: tags, profiles, tokens, users, catalogue topics, time; and a reader. */
type More =
  | { do: 'tag' | 'profile' | 'disable'; dialect: Dialect; id: number; value: string | null }
  | { do: 'userTag' | 'userProfile' | 'move' | 'erase'; dialect: Dialect; user: string; value: string }
  | { do: 'dead'; token: number }
  | { do: 'again'; dialect: Dialect; id: number; token: number; environment: 'sandbox' | 'production' }
  | { do: 'expire'; dialect: Dialect; id: number }
  | { do: 'uncatalogue'; topic: string }
  | { do: 'maintain' }
  | { do: 'read'; limit: number }

const dialect = fc.constantFrom(...DIALECTS)
const id = fc.nat({ max: 2 })
const user = fc.constantFrom('alice', 'bob')
const token = fc.nat({ max: 3 })
const word = fc.constantFrom('x', 'y')

const more: fc.Arbitrary<More> = fc.oneof(
  fc.record({
    do: fc.constantFrom('tag' as const, 'profile' as const, 'disable' as const),
    dialect,
    id,
    value: fc.option(word),
  }),
  fc.record({
    do: fc.constantFrom('userTag' as const, 'userProfile' as const, 'move' as const, 'erase' as const),
    dialect,
    user,
    value: word,
  }),
  fc.record({ do: fc.constant('dead' as const), token }),
  fc.record({
    do: fc.constant('again' as const),
    dialect,
    id,
    token,
    environment: fc.constantFrom('sandbox' as const, 'production' as const),
  }),
  fc.record({ do: fc.constant('expire' as const), dialect, id }),
  fc.record({ do: fc.constant('uncatalogue' as const), topic: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ do: fc.constant('maintain' as const) }),
  fc.record({ do: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }),
)
/** The events that may happen to an app. */
export const steps = fc.array(fc.oneof({ weight: 3, arbitrary: step }, { weight: 2, arbitrary: more }), {
  maxLength: 40,
  size: 'max',
})

const BASIC: ReadonlySet<string> = new Set([
  ...['register', 'rotate', 'unregister', 'detach', 'clear', 'bind', 'add', 'remove', 'replace'],
])
const isBasic = (one: Step | More): one is Step => BASIC.has(one.do)

/** Does all pending work of the gateway. */
export async function settle({ h }: World): Promise<void> {
  while (await h.gateway.jobs.step());
  await h.gateway.maintenance.run(ENOUGH)
  while (await h.gateway.jobs.step());
}

async function act(
  one: More,
  world: World,
  names: Names,
  read: (limit: number) => Promise<unknown>,
): Promise<unknown> {
  const { h, appId, apps } = world
  const { gateway } = h
  const refOf = ({ dialect: of, id: number }: { dialect: Dialect; id: number }) =>
    world.ref(of, of === 'green' ? (names.green[number] ?? 'green nobody') : `${of} ${number}`)
  switch (one.do) {
    case 'tag': {
      const { value } = one
      const change =
        value === null
          ? ({ name: 't', do: 'remove' } as const)
          : ({ name: 't', do: 'set', as: [{ type: 'string', value }] } as const)
      return gateway.tags.change({ ...refOf(one), changes: [change] })
    }
    case 'profile':
      return gateway.devices.update({ ...refOf(one), patch: { model: one.value }, superseded: true })
    case 'disable':
      return gateway.devices.update({
        ...refOf(one),
        patch: { enabled: one.value === null },
        superseded: true,
      })
    case 'userTag':
    case 'userProfile': {
      const changes = [{ name: 'u', do: 'set', as: [{ type: 'string', value: one.value }] }] as const
      return gateway.tags.changeOfUser({
        app: apps[one.dialect],
        userId: one.user,
        changes: one.do === 'userTag' ? changes : [],
        profile: one.do === 'userTag' ? {} : { language: one.value },
        cause: 'test',
      })
    }
    case 'move':
      return gateway.users.move({ app: apps[one.dialect], from: one.user, to: one.value, cause: 'test' })
    case 'erase':
      return gateway.directory.eraseUser(appId, one.user)
    case 'dead':
      return gateway.feedback.report(appId, [{ token: `token ${one.token}`, outcome: 'dead' }], 'test')
    case 'again': {
      const { externalId } = refOf(one)
      return world.register(one.dialect, externalId, {
        token: { provider: 'apns', token: `${one.token}`.repeat(64), environment: one.environment },
      })
    }
    case 'expire':
      return gateway.devices.update({
        ...refOf(one),
        patch: { expiresAt: new Date(h.clock.now.getTime() + 5000) },
        superseded: true,
      })
    case 'uncatalogue':
      await gateway.catalogue.create({ app: apps.red, name: one.topic, description: '' })
      return gateway.catalogue.remove(apps.red, one.topic)
    case 'maintain':
      return settle(world)
    case 'read':
      return read(one.limit)
  }
}

/** All devices, as the admin API lists them. */
export async function listed({ h, appId }: World): Promise<Doc[]> {
  const response = await h.admin('GET', `/apps/${appId}/devices?limit=100`)
  return (await response.json<{ devices: Doc[] }>()).devices.map(comparable).toSorted(byId)
}

/** Does all of it, a second apart, and then all pending work. `read` is called in between. */
export async function happen(
  all: readonly (Step | More)[],
  world: World,
  read: (limit: number) => Promise<unknown>,
): Promise<void> {
  const names: Names = { green: [], proposed: 0 }
  for (const one of all) {
    world.h.clock.advance(1000)
    if (isBasic(one)) await sidesOf(one, world, names).real()
    else await act(one, world, names, read)
  }
  world.h.clock.advance(10_000)
  await settle(world)
}
