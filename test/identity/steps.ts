import fc from 'fast-check'
import { DIALECTS, type Dialect, fcm, POLICIES, type World } from './kit.ts'
import type { Model } from './model.ts'

/** One call, with small numbers for its device and token, so that calls collide. */
export type Step =
  | { do: 'register'; dialect: Dialect; id: number; token: number | null; user: string | null }
  | { do: 'rotate'; dialect: Dialect; id: number; token: number }
  | { do: 'unregister' | 'detach'; dialect: Dialect; id: number }
  | { do: 'clear'; dialect: Dialect; id: number }
  | { do: 'bind'; dialect: Dialect; id: number; user: string }
  | { do: 'add' | 'remove' | 'replace'; dialect: Dialect; id: number; topics: readonly string[] }

const dialect = fc.constantFrom(...DIALECTS)
const id = fc.nat({ max: 2 })
const token = fc.nat({ max: 3 })
const user = fc.constantFrom('alice', 'bob')
const topics = fc.subarray(['a', 'b', 'c', 'dd', 'Up', 'toolong', 'all', 'default', 'nope'], { maxLength: 5 })

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('register' as const),
      dialect,
      id,
      token: fc.option(token, { freq: 6 }),
      user: fc.option(user),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rotate' as const), dialect, id, token }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('unregister' as const, 'detach' as const),
      dialect,
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bind' as const), dialect, id, user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), dialect, id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
      dialect,
      id,
      topics,
    }),
  },
)

/** In green a device is its token: its id comes from the answer to its registration. */
export interface Names {
  readonly green: string[]
  proposed: number
}
const tokenText = (number: number) => `token ${number}`

function externalIdOf(names: Names, { dialect: of, id: number }: { dialect: Dialect; id: number }): string {
  return of === 'green' ? (names.green[number] ?? 'green nobody') : `${of} ${number}`
}

/** A registration as both sides get it; null if it makes no sense: green without a token. */
function registration(of: Extract<Step, { do: 'register' }>, names: Names) {
  const text = of.token === null ? null : tokenText(of.token)
  if (of.dialect !== 'green') {
    return {
      dialect: of.dialect,
      externalId: externalIdOf(names, of),
      identity: 'key' as const,
      token: text,
      user: of.user,
    }
  }
  if (text === null) return null
  const externalId = `green ${names.proposed++}`
  return { dialect: of.dialect, externalId, identity: 'token' as const, token: text, user: of.user }
}

/** A step's answer, in a form that the store and the model share. */
export interface Sides {
  readonly real: () => Promise<unknown>
  readonly expected: (model: Model) => unknown
}

export function sidesOf(of: Step, world: World, names: Names): Sides {
  const { gateway } = world.h
  if (of.do === 'register') {
    const draft = registration(of, names)
    if (!draft) return { real: async () => null, expected: () => null }
    const { dialect: to, externalId, identity, token: text, user: name } = draft
    return {
      async real() {
        const options = { identity, ...(text !== null && { token: text }) }
        const patch = name === null ? {} : { user: { id: name, proved: false } }
        const device = await world.register(to, externalId, { ...options, patch })
        if (to === 'green' && device.created) names.green.push(device.externalId)
        return {
          id: device.externalId,
          created: device.created,
          topics: device.topics,
          user: device.user?.id ?? null,
        }
      },
      expected(model) {
        const { device, created } = model.register(draft)
        return { id: device.externalId, created, topics: [...device.topics].toSorted(), user: device.user }
      },
    }
  }
  const externalId = externalIdOf(names, of)
  const ref = world.ref(of.dialect, externalId)
  switch (of.do) {
    case 'rotate': {
      const pushToken = fcm(tokenText(of.token))
      return {
        real: async () =>
          (await gateway.devices.rotate({ ...ref, platform: 'android', pushToken }))?.pushToken?.token ??
          null,
        expected: (model) => model.rotate(of.dialect, externalId, pushToken.token)?.token ?? null,
      }
    }
    case 'unregister':
    case 'detach':
      return {
        real: () => gateway.devices[of.do](ref),
        expected: (model) => model[of.do](of.dialect, externalId),
      }
    case 'clear':
      return {
        real: () => gateway.users.clear(ref),
        expected: (model) => model.clear(of.dialect, externalId),
      }
    case 'bind': {
      const binding = { user: { id: of.user, proved: false }, rules: { replace: true, limit: null } }
      return {
        real: () => gateway.users.bind({ ...ref, ...binding }),
        expected: (model) => model.bind(of.dialect, externalId, of.user),
      }
    }
    default: {
      const change = { ...ref, names: of.topics, policy: POLICIES[of.dialect], superseded: true }
      return {
        real: () => gateway.topics[of.do](change),
        expected: (model) => model.topics(of.do, of.dialect, externalId, of.topics),
      }
    }
  }
}
