import type { DeviceFilter, DirectoryStore, Installation } from '../../store.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as Q from '../statements/directory.ts'
import { cutOf, cutPlace, later, pageValues, sourceOf } from './directory-pages.ts'
import { pageOf, timePlace } from './pages.ts'
import { json } from './values.ts'

/** Most devices of one user that a page sorts. */
const MOST_SORTED = 1000

type Installations = Pick<DirectoryStore, 'installations' | 'installation'>

/** The part of `DirectoryStore` that lists devices by push token. */
export function directoryInstallations(db: Db, clock: () => Date): Installations {
  async function devicesOf(appId: string, ids: readonly string[]): Promise<Map<string, Installation>> {
    const values = { app: appId, ids: json(ids), now: clock().getTime() }
    const [rows] = await db.read([call(Q.installationDevices, values)])
    const found = new Map<string, Installation>()
    for (const device of rows.map(toDevice)) {
      const id = device.pushToken?.id ?? device.id
      found.set(id, { id, devices: [...(found.get(id)?.devices ?? []), device] })
    }
    return found
  }

  /** Tokens are found through their devices, unless there are too many; then all tokens are scanned. */
  async function installationSource(appId: string, filter: DeviceFilter): Promise<Q.Source> {
    const source = sourceOf(filter)
    const owner = source === 'user' ? filter.user : source === 'q' ? filter.q?.text : undefined
    if (owner === undefined) return source
    const [[count]] = await db.read([call(Q.manyOfUser, { app: appId, owner, most: MOST_SORTED })])
    return (count?.n ?? 0) < MOST_SORTED ? source : 'all'
  }

  return {
    async installations(appId, filter, page) {
      const values = pageValues(appId, filter, page, clock())
      const source = await installationSource(appId, filter)
      const [{ tokens, tokenless }, ends] = [Q.installationPage[source], Q.installationWalkEnd[source]]
      const { withToken, without, tokensEnd, tokenlessEnd } = await read(db, {
        withToken: call(tokens, values),
        without: call(tokenless, values),
        tokensEnd: call(ends.tokens, values),
        tokenlessEnd: call(ends.tokenless, values),
      })
      // A half that filled its page is complete up to its last row; the other only up to where its scan stopped.
      const cuts = [
        withToken.length > page.limit ? [] : tokensEnd,
        without.length > page.limit ? [] : tokenlessEnd,
      ]
      const cut = cuts.map(cutOf).reduce((one, other) => (later(one, other) ? one : other))
      const seen = [...withToken, ...without].filter((row) => cut === undefined || !later(cut, row))
      const rows = seen.sort((one, other) => (later(one, other) ? -1 : 1)).slice(0, page.limit + 1)
      const found = await devicesOf(
        appId,
        rows.map((row) => row.id),
      )
      const whole = pageOf(rows, page.limit, ({ id }) => found.get(id), timePlace)
      // A row may have been deleted between the two reads; the next page still starts after it.
      const items = whole.items.filter((one) => one !== undefined)
      return { items, next: whole.next ?? cutPlace(cut) }
    },

    async installation(appId, id) {
      return (await devicesOf(appId, [id])).get(id) ?? null
    },
  }
}
