import { PROFILE_FIELDS } from '../../../domain/device.ts'
import { type JudgedEvent, UNDO_OUTCOMES, type UndoConflict, type UndoReason } from '../../../domain/undo.ts'
import { MOST_LISTED, type PartsRow } from '../statements/undo-conflicts.ts'

type Document = Readonly<Record<string, unknown>>
type Values = Pick<UndoConflict, 'path' | 'now' | 'would'>
type Judged = Omit<JudgedEvent, 'conflicts'>

/** The documents of a row, parsed. */
const partsOf = (row: PartsRow) => ({
  row,
  detail: JSON.parse(row.detail) as Document,
  state: JSON.parse(row.state ?? '{}') as Document,
  tags: JSON.parse(row.tags) as readonly (readonly [name: string, now: string | null])[],
  topics: JSON.parse(row.topics) as readonly (readonly [name: string, has: 0 | 1])[],
  touched: JSON.parse(row.touched) as Readonly<Record<string, 0 | 1>>,
})
type Parts = ReturnType<typeof partsOf>

/** Reasons for which there is no former value. */
const UNKNOWN: readonly UndoReason[] = ['token_erased', 'value_not_kept', 'erased', 'gone', 'not_undoable']

/** The parts of its device that the undo of an event leaves as they are. */
export function conflictsOf(judged: Judged, row: PartsRow): readonly UndoConflict[] {
  const { verdict } = judged
  const parts = partsOf(row)
  if (verdict === null) return []
  if (isOutcome(verdict)) return staying(judged, parts).slice(0, MOST_LISTED)
  const found = concerned(judged, parts).slice(0, MOST_LISTED)
  return (found.length > 0 ? found : [deviceIn(judged, parts)]).map((one) => ({
    ...one,
    reason: verdict,
    ...(UNKNOWN.includes(verdict) && { would: null }),
  }))
}

type Outcome = (typeof UNDO_OUTCOMES)[number]
const isOutcome = (verdict: Outcome | UndoReason): verdict is Outcome =>
  UNDO_OUTCOMES.some((one) => one === verdict)

/** What an event that is not undone had changed. */
function concerned(judged: Judged, parts: Parts): readonly Values[] {
  const { row, detail, state } = parts
  if (judged.verdict === 'gone') return []
  switch (judged.kind) {
    case 'unregistered':
    case 'expired':
    case 'forgotten':
      return [{ path: 'device', now: row.in_its_place, would: judged.deviceId }]
    case 'superseded':
    case 'rotated':
    case 'detached':
    case 'attached':
    case 'tokenChanged':
    case 'dead':
      return [tokenIn(parts)]
    case 'userChanged':
      return [userIn(parts)]
    case 'deactivated':
      return [{ path: 'enabled', now: state.enabled === 1, would: true }]
    case 'renamed':
      return [{ path: 'externalId', now: state.externalId ?? null, would: detail.from ?? null }]
    case 'subscribed':
    case 'unsubscribed':
      return detail.topics ? topicsIn(judged, parts) : [{ path: 'topics', now: null, would: null }]
    case 'tagsChanged':
      return tagsIn(parts)
    case 'profileChanged':
      return textsIn(detail.fields).map((name) => ({
        path: pathOf(name),
        now: fieldOf(name, state),
        would: null,
      }))
    case 'imported':
    case 'adopted':
      return detail.outcome === undefined ? adoptionIn(parts) : rowIn(judged, parts)
    default:
      return []
  }
}

/** All of the device. */
const deviceIn = ({ deviceId }: Judged, { row }: Parts): Values => {
  const now = row.state === null ? null : deviceId
  return { path: 'device', now, would: null }
}

/** The first call of a device: it took another name, or has another token by now. */
function adoptionIn({ row, detail, state }: Parts): readonly Values[] {
  const former = (detail.before ?? {}) as Document
  const name = { path: 'externalId', now: state.externalId ?? null, would: former.externalId ?? null }
  return row.former !== null && row.token !== row.former
    ? [{ path: 'pushToken', now: row.token, would: row.former }]
    : [name]
}

/** A row of an import: the whole device if the row created it, else the fields that differ. */
const rowIn = ({ verdict }: Judged, parts: Parts): readonly Values[] =>
  verdict === 'later_import' && parts.detail.before ? fieldsIn(parts, FIELDS) : []

const FIELDS = [...PROFILE_FIELDS, 'platform', 'enabled', 'expiresAt', 'details'] as const

/** What an undo leaves of an event that is undone: all that has changed since and would be different. */
function staying(judged: Judged, parts: Parts): readonly UndoConflict[] {
  const { row, detail, touched } = parts
  const changed = (found: readonly Values[]) =>
    found.filter(differs).map((one) => ({ ...one, reason: 'changed_since' as const }))
  const lists = changed([...(detail.tags ? tagsIn(parts) : []), ...topicsIn(judged, parts)])
  if (judged.verdict === 'undone') return lists
  if (judged.verdict !== 'restored') return []
  const proved = row.user_proved === 1 || detail.userProved === 1
  const user = userIn(parts)
  return [
    ...changed(row.token_touched === 1 ? [tokenIn(parts)] : []),
    ...changed(row.user_touched === 1 ? [user] : []),
    ...(proved && row.user_touched === 0 && differs(user)
      ? [{ ...user, reason: 'proved_user' as const }]
      : []),
    ...changed(
      fieldsIn(
        parts,
        FIELDS.filter((name) => touched[name] === 1),
      ),
    ),
    ...lists,
  ]
}

const differs = ({ now, would }: Values): boolean => JSON.stringify(now) !== JSON.stringify(would)

const tokenIn = ({ row }: Parts): Values => ({ path: 'pushToken', now: row.token, would: row.former })

const userIn = ({ row, detail }: Parts): Values => {
  const would = detail.fillsUser === 1 ? null : (detail.userId ?? null)
  return { path: 'user', now: row.user_id, would }
}

/** Fields that are not what they were before. */
function fieldsIn({ detail, state }: Parts, names: readonly (typeof FIELDS)[number][]): readonly Values[] {
  const before = (detail.before ?? {}) as Document
  return names
    .map((name) => ({ path: pathOf(name), now: fieldOf(name, state), would: fieldOf(name, before) }))
    .filter(differs)
}

const pathOf = (name: string): string =>
  PROFILE_FIELDS.some((field) => field === name) ? `profile.${name}` : name

function fieldOf(name: string, { [name]: held = null }: Document): unknown {
  if (name === 'enabled') return held === 1
  if (name === 'expiresAt') return typeof held === 'number' ? new Date(held).toISOString() : held
  return name === 'details' ? parsed(held) : held
}

function tagsIn({ detail, tags }: Parts): readonly Values[] {
  const before = (detail.tags ?? {}) as Readonly<Record<string, { readonly value: string } | false | null>>
  return tags.map(([name, now]) => {
    const former = before[name]
    return { path: `tags.${name}`, now: parsed(now), would: former ? parsed(former.value) : null }
  })
}

/** Whether the device has each topic; the undo would subscribe it again to those that the event removed. */
const topicsIn = ({ kind }: Judged, { topics }: Parts): readonly Values[] =>
  topics.map(([name, has]) => ({ path: `topics.${name}`, now: has === 1, would: kind === 'unsubscribed' }))

const textsIn = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : [])

/** JSON text as its value; one that was cut stays text. */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
