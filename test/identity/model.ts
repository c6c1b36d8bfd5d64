import { type Dialect, POLICIES } from './kit.ts'

/** The rules of identity.md in a few lines of plain state, to compare the store with. */
export interface ModelDevice {
  readonly dialect: Dialect
  readonly externalId: string
  token: string | null
  superseded: boolean
  user: string | null
  topics: ReadonlySet<string>
}

export interface Model {
  register(of: {
    dialect: Dialect
    externalId: string
    identity: 'key' | 'token'
    token: string | null
    user: string | null
  }): { device: ModelDevice; created: boolean }
  rotate(dialect: Dialect, externalId: string, token: string): ModelDevice | null
  unregister(dialect: Dialect, externalId: string): boolean
  detach(dialect: Dialect, externalId: string): boolean
  bind(dialect: Dialect, externalId: string, user: string): 'bound' | 'unknown'
  clear(dialect: Dialect, externalId: string): boolean
  topics(
    what: 'add' | 'remove' | 'replace',
    dialect: Dialect,
    externalId: string,
    names: readonly string[],
  ): 'done' | 'limit' | 'unknown'
  devices(): readonly ModelDevice[]
  /** Every token that was ever registered, and whether anything refers to it. */
  tokens(): Readonly<Record<string, 'live' | 'gone'>>
}

/** Whether the fictitious dialect's policy accepts the topic, formulated differently. */
const allowed = (dialect: Dialect, name: string): boolean =>
  !POLICIES[dialect].automatic.includes(name) &&
  (dialect !== 'green' || (/^[a-z]{1,5}$/.test(name) && !name.includes('no')))

export function createModel(): Model {
  let all: ModelDevice[] = []
  /** By token: the dialects that ever had a device with it. */
  const known = new Map<string, Set<Dialect>>()
  const find = (dialect: Dialect, externalId: string) =>
    all.find((one) => one.dialect === dialect && one.externalId === externalId)

  function carried(dialect: Dialect, token: string): ReadonlySet<string> {
    if (known.get(token)?.has(dialect)) return new Set()
    const others = all.filter((one) => one.token === token && one.dialect !== dialect)
    const names = others.flatMap((one) =>
      [...one.topics].filter((name) => !POLICIES[one.dialect].automatic.includes(name)),
    )
    const fitting = [...new Set(names)].filter((name) => allowed(dialect, name))
    return new Set(fitting.toSorted().slice(0, POLICIES[dialect].limit))
  }

  function point(device: ModelDevice, token: string): void {
    for (const rival of all) {
      if (rival === device || rival.dialect !== device.dialect || rival.token !== token) continue
      rival.token = null
      rival.superseded = true
    }
    device.token = token
    device.superseded = false
    known.set(token, new Set([...(known.get(token) ?? []), device.dialect]))
  }

  return {
    register({ dialect, externalId, identity, token, user }) {
      const holder = all.find((one) => one.dialect === dialect && one.token === token)
      const present = identity === 'token' ? holder : find(dialect, externalId)
      const device = present ?? {
        dialect,
        externalId,
        token: null,
        superseded: false,
        user: null,
        topics: token === null ? new Set() : carried(dialect, token),
      }
      if (!present) all.push(device)
      if (token !== null) point(device, token)
      if (user !== null) device.user = user
      return { device, created: !present }
    },
    rotate(dialect, externalId, token) {
      const device = find(dialect, externalId)
      if (!device || device.superseded) return null
      point(device, token)
      return device
    },
    unregister(dialect, externalId) {
      const device = find(dialect, externalId)
      all = all.filter((one) => one !== device)
      return device !== undefined
    },
    detach(dialect, externalId) {
      const device = find(dialect, externalId)
      if (device) device.token = null
      return device !== undefined
    },
    bind(dialect, externalId, user) {
      const device = find(dialect, externalId)
      if (!device || device.superseded) return 'unknown'
      device.user = user
      return 'bound'
    },
    clear(dialect, externalId) {
      const device = find(dialect, externalId)
      if (device) device.user = null
      return device !== undefined
    },
    topics(what, dialect, externalId, names) {
      const device = find(dialect, externalId)
      if (!device && !(what === 'replace' && new Set(names).size > POLICIES[dialect].limit)) return 'unknown'
      const kept = what === 'replace' ? [] : [...(device?.topics ?? [])]
      const after = new Set(
        what === 'remove' ? kept.filter((name) => !names.includes(name)) : [...kept, ...names],
      )
      if (what !== 'remove' && after.size > POLICIES[dialect].limit) return 'limit'
      if (device) device.topics = after
      return 'done'
    },
    devices: () => all,
    tokens: () =>
      Object.fromEntries(
        [...known.keys()].map((token) => [token, all.some((one) => one.token === token) ? 'live' : 'gone']),
      ),
  }
}
