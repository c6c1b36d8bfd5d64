import type { AppRecord } from '../../../domain/app.ts'
import type { AppChange } from '../../contract/apps.ts'
import type { AppStore, DialectDraft, Taken } from '../../store.ts'
import { commit } from '../plan.ts'
import { type Call, ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/apps.ts'
import { dropDialect } from '../statements/holdings.ts'
import { putSweeps } from '../statements/sweeps.ts'
import { declareTypes } from '../statements/tag-types.ts'
import { putWebhooks } from '../statements/webhooks.ts'
import { insertCredential } from './app-credentials.ts'
import { audited } from './audit.ts'
import type { Removals } from './removals.ts'
import { json } from './values.ts'

type Changes = Pick<AppStore, 'create' | 'change' | 'changeOptions'>

/** The part of `AppStore` that creates and changes apps; `get` reads back what was written. */
export function appChanges(db: Db, removals: Removals, get: AppStore['get']): Changes {
  /** Runs a write; after a conflict, returns the names and secrets that are in use. */
  async function unlessTaken<T>(
    appId: string,
    dialects: readonly DialectDraft[],
    write: () => Promise<T>,
  ): Promise<T | Taken> {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof ConstraintViolated)) throw error
      const [rows] = await db.read([call(A.takenNames, { app: appId, ...wantedOf(dialects) })])
      return { taken: rows.map(({ app_id, ...of }) => ({ ...of, appId: app_id })) }
    }
  }

  return {
    async create(draft, now, entry) {
      const values = {
        app: draft.id,
        name: draft.name,
        settings: json(settingsOf(draft)),
        vapidPublic: draft.vapid.publicKey,
        vapidPrivate: draft.vapid.sealedPrivateKey,
        vapidSubject: draft.vapid.subject,
        now: now.getTime(),
      }
      const plan = [
        call(A.insertApp, values),
        ...audited(entry),
        ...draft.dialects.flatMap((one) => putDialect(draft.id, one, now)),
        ...(draft.retention ? [call(putSweeps, values)] : []),
      ]
      return unlessTaken(draft.id, draft.dialects, async () => {
        // Not repeatable: the second run would find its own names in use.
        await db.commit(plan)
        return (await get(draft.id)) as AppRecord
      })
    },

    async change(appId, { name, put, drop, ...more }, occasion, entry) {
      const settings = json(settingsOf(more))
      const values = { app: appId, now: occasion.at.getTime(), name: name ?? null, settings }
      const before = { update: call(A.updateApp, values), noted: audited(entry) }
      const after = {
        dropped: drop.flatMap((dialect) => dropDialect.map((one) => call(one, { app: appId, dialect }))),
        put: put.flatMap((one) => putDialect(appId, one, occasion.at)),
        swept: more.retention ? [call(putSweeps, values)] : [],
      }
      return unlessTaken(appId, put, async () => {
        const dropped = drop.map((dialect) => ({ appId, dialect }))
        if (drop.length > 0) await removals.begin(dropped, occasion, { before, after })
        // Options are merged and an existing secret is not added again, so a second run changes nothing.
        else await commit(db, { before, after }, { repeatable: true })
        return get(appId)
      })
    },

    async changeOptions({ appId, dialect }, patch) {
      const [rows] = await db.commit([call(A.changeOptions, { app: appId, dialect, patch: json(patch) })])
      return rows.length > 0
    },
  }
}

/** The settings stored in an app's document. */
const settingsOf = ({
  settings,
  limits,
  retention,
}: Pick<AppChange, 'settings' | 'limits' | 'retention'>) => ({
  ...settings,
  ...(limits && { limits }),
  ...(retention && { retention }),
})

/** All names and secrets of a request that must be unique across apps. */
function wantedOf(dialects: readonly DialectDraft[]) {
  const names = dialects.flatMap(({ dialect, names = [], aliases = [] }) =>
    [...names, ...aliases].map((name) => ({ dialect, name })),
  )
  const lookups = dialects.flatMap(({ dialect, credentials }) =>
    credentials.flatMap(({ lookup }) => (lookup === null ? [] : [{ dialect, lookup }])),
  )
  return { names: json(names), lookups: json(lookups) }
}

function putDialect(appId: string, draft: DialectDraft, now: Date): readonly Call[] {
  const values = { app: appId, dialect: draft.dialect, options: json(draft.options), now: now.getTime() }
  const named = (names: readonly string[] | undefined, alias: number): Call[] => {
    if (names === undefined) return []
    const more = { ...values, alias, names: json([...new Set(names)]) }
    return [call(A.dropNames, more), call(A.insertNames, more)]
  }
  const { identifier } = draft
  return [
    identifier === undefined ? call(A.mergeOptions, values) : call(A.putDialect, { ...values, identifier }),
    ...named(draft.names, 0),
    ...named(draft.aliases, 1),
    call(declareTypes, values),
    ...draft.credentials.map((one) => insertCredential(appId, one, now)),
    ...(draft.webhooks
      ? putWebhooks.map((one) => call(one, { ...values, webhooks: json(draft.webhooks) }))
      : []),
  ]
}
