import { json, type Shot } from '../load/shot.ts'
import type { Measure } from '../measures.ts'
import { existing, fresh, type Phone } from '../seed/phone.ts'

const HEADERS = { 'Content-Type': 'application/json', 'X-Parse-Application-Id': 'bench' }
const INSTALLATIONS = '/parse/installations'

/** What an SDK of the peer sends: the same data as `registerDevice`, in the peer's format. */
export const installation = ({ uuid, user, token }: Phone) => ({
  installationId: uuid,
  deviceToken: token,
  deviceType: 'android',
  pushType: 'fcm',
  userId: user,
  localeIdentifier: 'en',
  timeZone: 'Europe/Berlin',
  appVersion: '1.0.0',
  deviceModel: 'Pixel 8',
  osVersion: '14',
})

export const register = (body: object): Shot => json('POST', INSTALLATIONS, body, HEADERS)

/** The peer's own id of a seeded phone: ten characters. */
export const objectIdOf = (n: number): string => n.toString(36).padStart(10, '0')

const update = ({ n }: Phone, body: object): Shot =>
  json('PUT', `${INSTALLATIONS}/${objectIdOf(n)}`, body, HEADERS)

const unique = (job: number, k: number) => job * 10_000_000 + k
const changed = (devices: number, k: number) => existing('pushwoosh', devices, k, 'changed')

/** Our measures, with the corresponding requests to the peer. */
export const PAIRS: Readonly<Record<string, Measure>> = {
  'fresh pushwoosh': {
    name: 'parse fresh',
    writes: true,
    shot: ({ job }, k) => register(installation(fresh(job, k))),
  },
  'steady pushwoosh': {
    name: 'parse steady',
    writes: true,
    shot: ({ devices }, k) => register(installation(existing('pushwoosh', devices, k, 'kept'))),
  },
  'set 20 interests': {
    name: 'parse channels',
    writes: true,
    shot: ({ devices, job }, k) => {
      const channels = Array.from({ length: 20 }, (_, at) => `set-${at}-${unique(job, k) % 1000}`)
      return update(changed(devices, k), { channels })
    },
  },
  'set 5 tags': {
    name: 'parse fields',
    writes: true,
    shot: ({ devices, job }, k) => {
      const n = unique(job, k)
      const fields = {
        level: n,
        score: n + 1,
        name: `Ann ${n}`,
        colors: ['red', `shade-${n}`],
        city: `city-${n}`,
      }
      return update(changed(devices, k), fields)
    },
  },
}
