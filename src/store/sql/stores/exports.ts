import type { ExportedDevice, ExportStore } from '../../contract/exports.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as E from '../statements/exports.ts'
import { goingTopics } from '../statements/feed.ts'
import { withoutGoing } from './going.ts'
import { json } from './values.ts'

export function exportStore(db: Db): ExportStore {
  return {
    async newest({ appId: app, dialect }) {
      const [[row]] = await db.read([call(E.newestOfDialect, { app, dialect, after: '' })])
      return row?.id ?? null
    },

    async ids({ appId: app, dialect }, after, until, limit) {
      const [rows] = await db.read([call(E.idsOfDialect, { app, dialect, after, lastId: until, limit })])
      return rows.map(({ id }) => id)
    },

    async devices(app, ids, { platform, provider, active }, now) {
      const { rows, going } = await read(db, {
        rows: call(E.exportedDevices, {
          app,
          ids: json(ids),
          platform: platform ?? null,
          provider: provider ?? null,
          active: active === undefined ? null : active ? 1 : 0,
          now: now.getTime(),
        }),
        going: call(goingTopics, { app }),
      })
      return rows.map(
        (row): ExportedDevice => ({ device: withoutGoing(toDevice(row), going), tagTypes: typesOf(row) }),
      )
    },
  }
}

const NONE: ReadonlyMap<string, string> = new Map()

function typesOf({ tag_names, tag_types }: E.ExportRow): ReadonlyMap<string, string> {
  if (tag_names === '[]') return NONE
  const [names, types] = [JSON.parse(tag_names) as string[], JSON.parse(tag_types) as string[]]
  return new Map(names.map((name, at) => [name, types[at] ?? '']))
}
