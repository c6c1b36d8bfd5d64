import {
  devices,
  mirrorCopies,
  mirrorCopySubjects,
  mirrorDiffs,
  mirrorIds,
  mirrorSubjects,
} from '../tables.ts'
import { type Expression, sql, type Template, value } from '../template.ts'
import { type Hanging, type Part, rowsOf, type Trace } from './removal-traces.ts'

/** User data in mirrors: calls waiting for a vendor, vendor ids, and differences between answers. */

const d = devices.as('d')
const copy = mirrorCopies.as('t')
const diff = mirrorDiffs.as('t')
const id = mirrorIds.as('t')
const ofCopy = mirrorCopySubjects.as('t')
const ofDiff = mirrorSubjects.as('t')
const c = mirrorCopies.as('c')
const [cn, co] = [mirrorCopySubjects.as('n'), mirrorCopySubjects.as('o')]
const [dn, other] = [mirrorSubjects.as('n'), mirrorSubjects.as('o')]

const COPY = rowsOf(mirrorCopies, (of) => [of.id])
const COPY_SUBJECT = rowsOf(mirrorCopySubjects, (of) => [of.appId, of.mark, of.copyId])
const DIFF = rowsOf(mirrorDiffs, (of) => [of.id])
const DIFF_SUBJECT = rowsOf(mirrorSubjects, (of) => [of.appId, of.mark, of.diffId])

/** Calls of devices, deleted after the names by which others find them. */
const madeBy = <Names extends string>(owner: Template<Names>) => [
  {
    ...COPY_SUBJECT,
    on: sql`${ofCopy.copyId} IN (SELECT ${c.id} FROM ${c} WHERE ${c.owner} ${owner})`,
  },
  {
    ...COPY,
    on: sql`${copy.owner} ${owner} AND NOT EXISTS (SELECT 1 FROM ${co} WHERE ${co.copyId} = ${copy.id})`,
  },
]
/** Rows of a device. */
export const OF_DEVICE: readonly Hanging[] = [
  ...madeBy(sql`= ${d.id}`),
  {
    ...rowsOf(mirrorIds, (of) => [of.appId, of.dialect, of.ours]),
    on: sql`${id.appId} = ${d.appId} AND ${id.dialect} = ${d.dialect} AND ${id.ours} = ${d.externalId}`,
  },
  // Its aliases.
  {
    ...rowsOf(mirrorIds, (of) => [of.appId, of.dialect, of.ours]),
    on: sql`${id.appId} = ${d.appId} AND ${id.dialect} = ${d.dialect} AND ${id.vendor} = ${d.externalId}`,
  },
]
/** Calls of former devices given by a query. */
export const ofFormer = (devices: Part): readonly Trace[] =>
  madeBy(sql`IN (${devices})`).map(({ on, ...of }) => ({ ...of, from: sql`FROM ${of.rows} WHERE ${on}` }))

const names = (of: { readonly appId: Expression; readonly mark: Expression }) =>
  sql`${of.appId} = ${value('app')} AND ${of.mark} = ${value('subject')}`
const namedCopies = sql`(SELECT ${cn.copyId} FROM ${cn} WHERE ${names(cn)})`
const namedDiffs = sql`(SELECT ${dn.diffId} FROM ${dn} WHERE ${names(dn)})`
/** Rows that name the user: first their other subjects, then the rows, and finally the entries that they were found by. */
export const NAMED: readonly Trace[] = [
  {
    ...COPY_SUBJECT,
    from: sql`FROM ${ofCopy} WHERE ${ofCopy.copyId} IN ${namedCopies} AND ${ofCopy.mark} <> ${value('subject')}`,
  },
  {
    ...COPY,
    from: sql`FROM ${copy} WHERE ${copy.id} IN ${namedCopies}
      AND NOT EXISTS (SELECT 1 FROM ${co} WHERE ${co.copyId} = ${copy.id} AND ${co.mark} <> ${value('subject')})`,
  },
  {
    ...COPY_SUBJECT,
    from: sql`FROM ${ofCopy} WHERE ${names(ofCopy)} AND NOT EXISTS (SELECT 1 FROM ${c} WHERE ${c.id} = ${ofCopy.copyId})`,
  },
  {
    ...DIFF_SUBJECT,
    from: sql`FROM ${ofDiff} WHERE ${ofDiff.diffId} IN ${namedDiffs} AND ${ofDiff.mark} <> ${value('subject')}`,
  },
  {
    ...DIFF,
    from: sql`FROM ${diff} WHERE ${diff.id} IN ${namedDiffs}
      AND NOT EXISTS (SELECT 1 FROM ${other} WHERE ${other.diffId} = ${diff.id} AND ${other.mark} <> ${value('subject')})`,
  },
  {
    ...DIFF_SUBJECT,
    from: sql`FROM ${ofDiff} WHERE ${names(ofDiff)} AND NOT EXISTS (SELECT 1 FROM ${mirrorDiffs} WHERE ${mirrorDiffs.id} = ${ofDiff.diffId})`,
  },
]
