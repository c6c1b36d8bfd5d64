/** The tables of schema/tables.ts for use in statements; imports types only, since the definitions add 25 KiB to a Worker. */
import type * as schema from '../../../schema/tables.ts'
import { column, type Expression, raw, type Template } from './template.ts'

type Schema = typeof schema
export type TableName = keyof Schema
type RowsOf<Name extends keyof Schema> = Schema[Name]['$inferSelect']

/** The columns by their names in schema/tables.ts. */
type ColumnsOf<Row> = { readonly [Name in keyof Row]: Expression<Row[Name]> }

/** A table with an alias in a query: `${d}` is `devices d`, `${d.userId}` is `d.user_id`. */
export type Alias<Name extends keyof Schema> = Template & ColumnsOf<RowsOf<Name>>

/** The same for a LEFT JOIN, where every column may be NULL. */
export type Optional<Name extends keyof Schema> = Template & {
  readonly [Column in keyof RowsOf<Name>]: Expression<RowsOf<Name>[Column] | null>
}

/** A table: `${devices}` is `devices`, `${devices.userId}` is `user_id`. */
export type Table<Name extends keyof Schema> = Alias<Name> & {
  readonly as: (alias: string) => Alias<Name>
  readonly left: (alias: string) => Optional<Name>
}

/** camelCase in TypeScript is snake_case in SQL; a test compares all names with the schema. */
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const named = ({ render }: Template, prefix: string, more: object): object =>
  new Proxy(more, {
    get(_, key) {
      if (typeof key !== 'string') return undefined
      if (key === 'render') return render
      if (key in more) return Reflect.get(more, key)
      const name = snake(key)
      return column(`${prefix}${name}`, name)
    },
  })

const table = <Name extends keyof Schema & string>(name: Name): Table<Name> => {
  const plain = snake(name)
  const as = (alias: string) => named(raw(`${plain} ${alias}`), `${alias}.`, {})
  return named(raw(plain), '', { as, left: as }) as Table<Name>
}

export const activity = table('activity')
export const appDialects = table('appDialects')
export const apps = table('apps')
export const audit = table('audit')
export const catalogue = table('catalogue')
export const clients = table('clients')
export const clocks = table('clocks')
export const counters = table('counters')
export const credentials = table('credentials')
export const devices = table('devices')
export const documents = table('documents')
export const erasures = table('erasures')
export const events = table('events')
export const feedHooks = table('feedHooks')
export const feedLetters = table('feedLetters')
export const grants = table('grants')
export const identifiers = table('identifiers')
export const importChunks = table('importChunks')
export const importCounts = table('importCounts')
export const importErrors = table('importErrors')
export const importMarks = table('importMarks')
export const importRows = table('importRows')
export const imports = table('imports')
export const jobItems = table('jobItems')
export const jobs = table('jobs')
export const keptStates = table('keptStates')
export const laneSecrets = table('laneSecrets')
export const mirrorCopies = table('mirrorCopies')
export const mirrorCopySubjects = table('mirrorCopySubjects')
export const mirrorCounts = table('mirrorCounts')
export const mirrorDiffs = table('mirrorDiffs')
export const mirrorIds = table('mirrorIds')
export const mirrorMarks = table('mirrorMarks')
export const mirrorSignatures = table('mirrorSignatures')
export const mirrorSubjects = table('mirrorSubjects')
export const operatorKeys = table('operatorKeys')
export const outbox = table('outbox')
export const providers = table('providers')
export const pushTokens = table('pushTokens')
export const readinessCounts = table('readinessCounts')
export const readinessRecords = table('readinessRecords')
export const readinessRuns = table('readinessRuns')
export const readinessStarts = table('readinessStarts')
export const receipts = table('receipts')
export const removalPicks = table('removalPicks')
export const removals = table('removals')
export const removalSpares = table('removalSpares')
export const sendCounts = table('sendCounts')
export const sendFailures = table('sendFailures')
export const sendPages = table('sendPages')
export const sends = table('sends')
export const signingKeys = table('signingKeys')
export const subscriptions = table('subscriptions')
export const sweeps = table('sweeps')
export const tags = table('tags')
export const tagTypes = table('tagTypes')
export const tallies = table('tallies')
export const undoCounts = table('undoCounts')
export const undos = table('undos')
export const userWork = table('userWork')
export const vaultState = table('vaultState')
export const webhooks = table('webhooks')
