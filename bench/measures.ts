import { BY_TEXT, cursorsOf } from '../src/domain/cursor.ts'
import type { BenchDialect, Documents } from './dialects/dialect.ts'
import { dialects } from './dialects/index.ts'
import { rotate, setInterests } from './dialects/pusher-beams.ts'
import { registerInBulk, registerUser, setTags } from './dialects/pushwoosh.ts'
import type { Target } from './load/job.ts'
import { bare, type Shot } from './load/shot.ts'
import { PAIRS } from './peer/measures.ts'
import { city, existing, fresh, tokenOf } from './seed/phone.ts'

/** A kind of request that is measured. */
export interface Measure {
  readonly name: string
  /** The k-th request of a job. */
  readonly shot: (target: Target, k: number) => Shot
  /** Whether each request changes the database. */
  readonly writes: boolean
  /** Devices in one request. */
  readonly rows?: number
  /** Measured at every size, for the growth curves. */
  readonly grows?: boolean
  /** Also measured with many connections. */
  readonly pressed?: boolean
}

/** A value that is unique to the request. */
const unique = ({ job }: Target, k: number): number => job * 10_000_000 + k

const registrations = ({ name, register }: BenchDialect): Measure[] => [
  {
    name: `fresh ${name}`,
    writes: true,
    grows: name === 'pushwoosh',
    pressed: name === 'pushwoosh',
    shot: ({ documents, job }, k) => register(documents, fresh(job, k)),
  },
  {
    name: `steady ${name}`,
    writes: false,
    grows: name === 'pushwoosh',
    pressed: name === 'pushwoosh',
    shot: ({ documents, devices }, k) => register(documents, existing(name, devices, k, 'kept')),
  },
]

const beams = ({ devices }: Target, k: number) => existing('pusher-beams', devices, k, 'changed')
const woosh = ({ devices }: Target, k: number) => existing('pushwoosh', devices, k, 'changed')

const changes: readonly Measure[] = [
  {
    name: 'rotate a token',
    writes: true,
    shot: (target, k) =>
      rotate(target.documents, beams(target, k), tokenOf(500_000_000_000 + unique(target, k))),
  },
  {
    name: 'set 20 interests',
    writes: true,
    grows: true,
    pressed: true,
    shot: (target, k) => {
      const names = Array.from({ length: 20 }, (_, at) => `set-${at}-${unique(target, k) % 1000}`)
      return setInterests(target.documents, beams(target, k), names)
    },
  },
  {
    name: 'set 5 tags',
    writes: true,
    grows: true,
    pressed: true,
    shot: (target, k) => {
      const n = unique(target, k)
      const tags = {
        Level: n,
        Score: n + 1,
        Name: `Ann ${n}`,
        Colors: ['red', `shade-${n}`],
        City: `city-${n}`,
      }
      return setTags(target.documents, woosh(target, k), tags)
    },
  },
  {
    name: 'bind a user',
    writes: true,
    shot: (target, k) => registerUser(target.documents, woosh(target, k), `bound-${unique(target, k)}`),
  },
  {
    name: 'bulk registration',
    writes: true,
    rows: 100,
    shot: ({ documents, job }, k) =>
      registerInBulk(
        documents,
        Array.from({ length: 100 }, (_, at) => fresh(job, k * 100 + at)),
      ),
  },
]

const admin = ({ app, adminToken }: Documents, path: string) =>
  bare('GET', `/admin/v1/apps/${app}${path}`, { Authorization: `Bearer ${adminToken}` })
const topics = cursorsOf('topics', BY_TEXT)

const reads: readonly Measure[] = [
  {
    name: 'list page',
    writes: false,
    shot: ({ documents }) => admin(documents, '/devices?limit=50'),
  },
  {
    name: 'topic page',
    writes: false,
    grows: true,
    shot: ({ documents }, k) => admin(documents, `/devices?limit=50&topic=${city(k)}`),
  },
  {
    name: 'topic count',
    writes: false,
    grows: true,
    // Returns the topic after the cursor, with its count.
    shot: ({ documents }, k) => admin(documents, `/topics?limit=1&cursor=${topics.encode([city(k)])}`),
  },
]

export const measures: readonly Measure[] = [...dialects.flatMap(registrations), ...changes, ...reads]

export function measureNamed(name: string): Measure {
  const found = [...measures, ...Object.values(PAIRS)].find((one) => one.name === name)
  if (!found) throw new Error(`no measure ${name}`)
  return found
}
