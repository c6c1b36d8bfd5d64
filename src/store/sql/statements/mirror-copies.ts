import { keyed, scoped } from '../conditions.ts'
import { elements, flag, item, listed, member, number } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, devices, mirrorCopies, mirrorCopySubjects, mirrorIds } from '../tables.ts'
import { columns, integer, orNull, type RowOf, sql, text, value } from '../template.ts'
import { EACH, LANE, laneQueue } from './queue.ts'

const speaks = appDialects.as('speaks')
const c = mirrorCopies.as('copy')
const x = mirrorCopies.as('other')
const g = mirrorCopies.as('g')
const own = mirrorCopies.as('mirror_copies')
const j = item('j')
const d = devices.as('d')
const s = mirrorCopySubjects

/** The first call of each device is due; the others wait and have no time. */
const waiting = laneQueue({
  table: mirrorCopies,
  key: (of) => [of.id],
  order: (of) => sql`${of.dueAt}, ${of.id}`,
  lane: (of) => of.line,
  indexed: (of) => sql`${of.dueAt} IS NOT NULL`,
  openLane: sql`${LANE} NOT IN ${listed('resting')}`,
  room: EACH,
  rank: () => sql`0`,
})
export const { anyDue, anyStray, freeStrays } = waiting
export const claimCopies = statement(waiting.claim)
/** For a claim in each app by itself. */
export const dueLanes = statement(waiting.dueLanes(columns({ lane: text(LANE), app: g.appId })))
export const claimCopiesIn = statement(waiting.claimIn)

const ofDevice = sql`${x.device} = ${value('device')}`
/** Equal calls after the first one, if no call that must be sent only once came after them. */
const equal = (of: typeof own) => sql`${of.device} = ${value('device')} AND ${of.same} = ${value('same')}
    AND ${of.dueAt} IS NULL AND ${value('once')} = 0 AND ${of.id} < ${value('id')}
    AND NOT EXISTS (SELECT 1 FROM ${x} WHERE ${ofDevice} AND ${x.once} = 1 AND ${x.id} > ${of.id})`
export const collapse = statement(sql`DELETE FROM ${mirrorCopies} WHERE ${equal(own)}`)
/** Runs before it, if the call names users. */
export const collapseSubjects = statement(
  sql`DELETE FROM ${s} WHERE ${s.copyId} IN (SELECT ${c.id} FROM ${c} WHERE ${equal(c)})`,
)

/**
 * Later calls of the device that were stored first, by another process or by a write that overtook this one, wait
 * again unless they are being sent. Runs before `addCopy`.
 */
export const letPass = statement(sql`
  UPDATE ${mirrorCopies} SET ${mirrorCopies.dueAt} = NULL WHERE ${mirrorCopies.device} = ${value('device')}
    AND ${mirrorCopies.id} > ${value('id')} AND ${mirrorCopies.dueAt} IS NOT NULL AND ${mirrorCopies.lease} IS NULL`)
export const addCopy = statement(sql`
  ${insertion(mirrorCopies, {
    id: value('id'),
    appId: value('app'),
    dialect: value('dialect'),
    line: value('line'),
    device: value('device'),
    owner: orNull(text(sql`(SELECT ${d.id} FROM ${d} WHERE ${keyed(d)})`)),
    route: value('route'),
    same: value('same'),
    once: value('once'),
    sealed: value('sealed'),
    tries: number(0),
    createdAt: value('now'),
    dueAt: sql`CASE WHEN EXISTS (SELECT 1 FROM ${x} WHERE ${ofDevice} AND (${x.id} < ${value('id')} OR ${x.dueAt} IS NOT NULL))
      THEN NULL ELSE ${value('now')} END`,
  })}
  FROM ${speaks} WHERE ${scoped(speaks)} ON CONFLICT DO NOTHING`)

export const keepSubjects = statement(sql`
  ${insertion(s, { appId: value('app'), mark: j.value, copyId: value('id') })}
  FROM ${elements(value('subjects'))} j WHERE EXISTS (SELECT 1 FROM ${c} WHERE ${c.id} = ${value('id')}) ON CONFLICT DO NOTHING`)

const [mine, theirs] = [mirrorCopySubjects.as('mine'), mirrorCopySubjects.as('theirs')]
/**
 * An older copy names the same device by its token or id, or the same user, and one of both concerns everything
 * of the user, such as the user's removal or binding.
 */
const behind = sql`EXISTS (SELECT 1 FROM ${mine} JOIN ${theirs} ON ${theirs.appId} = ${mine.appId} AND ${theirs.mark} = ${mine.mark}
  JOIN ${x} ON ${x.id} = ${theirs.copyId}
  WHERE ${mine.copyId} = ${c.id} AND ${x.id} < ${c.id} AND ${x.dialect} = ${c.dialect} AND (${x.owner} IS NULL OR ${c.owner} IS NULL
    OR substr(${mine.mark}, 1, 2) = 'h:'))`
const leased = columns({
  id: c.id,
  app_id: c.appId,
  dialect: c.dialect,
  line: c.line,
  device: c.device,
  route: c.route,
  once: c.once,
  sealed: c.sealed,
  tries: c.tries,
  behind: flag(behind),
  created_at: c.createdAt,
})
export type CopyRow = RowOf<typeof leased>
/** What a claim took, of one app or of all. */
const taken = (of: typeof c | typeof own) =>
  sql`${of.lease} = ${value('lease')} AND (${value('app')} = '' OR ${of.appId} = ${value('app')})`
/** Counted when a call is claimed: after a crash it is known that it may have been sent. */
export const countTries = statement(
  sql`UPDATE ${mirrorCopies} SET ${mirrorCopies.tries} = ${mirrorCopies.tries} + 1 WHERE ${taken(own)}`,
)
export const leasedCopies = statement(
  sql`SELECT ${leased} FROM ${c} WHERE ${taken(c)} ORDER BY ${c.createdAt}, ${c.id}`,
)
export const knownIds = statement(sql`
  SELECT ${columns({ ours: mirrorIds.ours, vendor: mirrorIds.vendor })} FROM ${mirrorIds}
  WHERE ${mirrorIds.device} = ${value('device')} ORDER BY ${mirrorIds.ours}`)

export const endSubjects = statement(sql`DELETE FROM ${s} WHERE ${s.copyId} = ${value('id')}`)
export const endCopy = statement(sql`DELETE FROM ${mirrorCopies} WHERE ${mirrorCopies.id} = ${value('id')}`)
/** Makes the device's next call due. */
export const nextOfDevice = statement(sql`
  UPDATE ${mirrorCopies} SET ${mirrorCopies.dueAt} = ${value('now')}
  WHERE ${mirrorCopies.id} = (SELECT min(${x.id}) FROM ${x} WHERE ${ofDevice}) AND ${mirrorCopies.dueAt} IS NULL`)
export const postponeCopy = statement(sql`
  UPDATE ${mirrorCopies} SET ${waiting.free(value('dueAt'))}, ${mirrorCopies.tries} = ${value('tries')}
  WHERE ${mirrorCopies.id} = ${value('id')}`)

const given = (path: string) => text(member(j.value, path))
/** Stores no ids for a copy whose user was erased while it was being sent. */
export const keepIds = statement(sql`
  ${insertion(mirrorIds, {
    appId: value('app'),
    dialect: value('dialect'),
    device: value('device'),
    ours: given('$.ours'),
    vendor: given('$.vendor'),
  })}
  FROM ${elements(value('ids'))} j WHERE EXISTS (SELECT 1 FROM ${speaks} WHERE ${scoped(speaks)})
    AND EXISTS (SELECT 1 FROM ${c} WHERE ${c.id} = ${value('id')}) ON CONFLICT DO NOTHING`)
export const dropIds = statement(
  sql`DELETE FROM ${mirrorIds} WHERE ${mirrorIds.device} = ${value('device')} AND ${value('gone')} = 1`,
)

export const countWaiting = statement(
  sql`SELECT ${columns({ waiting: integer(sql`count(*)`) })} FROM ${c} WHERE ${scoped(c)}`,
)

/** Whether a waiting copy names any of them. */
export const anyNaming = statement(sql`
  SELECT ${columns({ copy: s.copyId })} FROM ${mine} JOIN ${c} ON ${c.id} = ${mine.copyId}
  WHERE ${mine.appId} = ${value('app')} AND ${mine.mark} IN ${listed('subjects')} AND ${c.dialect} = ${value('dialect')} LIMIT 1`)

/** Run rarely, since it scans an index of all waiting copies. */
export const waitingScopes = statement(
  sql`SELECT ${columns({ app_id: c.appId, dialect: c.dialect })} FROM ${c} GROUP BY ${c.appId}, ${c.dialect} ORDER BY 1, 2`,
)

/** The devices whose first call is the oldest, as many as exceed the limit: their calls are dropped. */
const oldest = sql`SELECT ${c.device} FROM ${c} WHERE ${scoped(c)} AND ${c.lease} IS NULL ORDER BY ${c.id} LIMIT ${value('excess')}`
const ofOldest = (of: typeof own) =>
  sql`${scoped(of)} AND ${of.lease} IS NULL AND ${of.device} IN (${oldest})`
export const dropSubjects = statement(sql`
  DELETE FROM ${s} WHERE ${s.copyId} IN (SELECT ${x.id} FROM ${x} WHERE ${ofOldest(x)})`)
export const dropOldest = statement(sql`
  DELETE FROM ${mirrorCopies} WHERE ${ofOldest(own)} RETURNING ${columns({ route: mirrorCopies.route })}`)
/** Devices without a due call, because their first call ended while another one was added. */
export const healDevices = statement(sql`
  UPDATE ${mirrorCopies} SET ${mirrorCopies.dueAt} = ${value('now')} WHERE ${scoped(mirrorCopies)} AND ${mirrorCopies.dueAt} IS NULL
    AND NOT EXISTS (SELECT 1 FROM ${x} WHERE ${x.device} = ${own.device} AND (${x.dueAt} IS NOT NULL OR ${x.id} < ${own.id}))`)
