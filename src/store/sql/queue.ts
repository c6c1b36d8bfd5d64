/**
 * Everything that waits, in one form and written once: `dueAt` says when a row is due or, while somebody has it, when the
 * lease ends; `lease` names the claim. The tables stay apart: each of them is read by indexes of its own, is written in
 * plans of its own subject and is erased with it, and one table for all would burden each registration with all of that.
 */
import { least, number } from './forms.ts'
import { type Statement, statement } from './statement.ts'
import { columns, type Expression, integer, join, sql, type Template, value } from './template.ts'

interface Row extends Template {
  readonly lease: Expression<string | null>
  readonly dueAt: Expression<number | null>
}
interface QueueTable<R extends Row> extends Row {
  readonly as: (alias: string) => R
}

interface Options<R extends Row, Names extends string> {
  readonly table: QueueTable<R>
  readonly key: (of: R | QueueTable<R>) => readonly Expression[]
  /** Which row is first, of all or of a lane: in the order of an index. */
  readonly order: (of: R) => Template
  /** Which rows may be claimed, besides that they are due. */
  readonly open?: (of: R) => Template<Names>
}
