import { elements, item } from '../forms.ts'
import { appDialects, devices, imports, removals } from '../tables.ts'
import { sql, value } from '../template.ts'

const own = imports.as('own')
const spoken = appDialects.as('spoken')
const going = removals.as('going')
const first = devices.as('first')

/**
 * The lease holds the import, the import is at the start of the step, the app speaks the dialects of the step's rows, and
 * nothing of it is being removed; otherwise the step does nothing.
 */
export const held = sql`EXISTS (SELECT 1 FROM ${own} WHERE ${own.number} = ${value('importNumber')} AND ${own.lease} = ${value('lease')}
    AND ${own.rowsRead} = ${value('fromRow')} AND ${own.state} = 'running')
  AND NOT EXISTS (SELECT 1 FROM ${going} WHERE ${going.appId} = ${value('home')})
  AND NOT EXISTS (SELECT 1 FROM ${elements(value('dialects'))} s WHERE NOT EXISTS (
    SELECT 1 FROM ${spoken} WHERE ${spoken.appId} = ${value('home')} AND ${spoken.dialect} = ${item('s').value}))`

/** The step's new devices were created (`import-fresh.ts`): the first of them exists, created by this plan. */
export const made = sql`EXISTS (SELECT 1 FROM ${first} WHERE ${first.id} = ${value('freshId')} AND ${first.updatedBy} = ${value('change')})`

/** Like `held`, for statements after the step's new devices, if it has any. */
export const begun = sql`${held} AND (${value('freshId')} = '' OR ${made})`
