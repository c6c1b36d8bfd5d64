import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StoreUnavailable } from '../../domain/error.ts'
import type { Moved } from '../../move/move.ts'
import { COMMON, command, DRY_RUN } from '../command.ts'
import { EXIT, Fault } from '../faults.ts'
import { createOutput } from '../output.ts'
import { showProgress } from '../progress.ts'

const beside = (name: string) => join(dirname(fileURLToPath(import.meta.url)), name)

export const move = command({
  name: 'move',
  is: 'Copies everything from one database to another, and compares them. No gateway may write to either during the copy.',
  args: {
    ...COMMON,
    ...DRY_RUN,
    from: {
      type: 'string',
      required: true,
      valueHint: 'URL',
      description: 'file:PATH, postgres://…, or the .sql file of `wrangler d1 export`.',
    },
    to: {
      type: 'string',
      required: true,
      valueHint: 'URL',
      description: 'file:PATH or postgres://…: empty, or left by an interrupted move from the same source.',
    },
  },
  examples: [
    'pushport move --from file:./data/pushport.db --to postgres://push:secret@db.example.com/pushport',
    'pushport move --from d1-export.sql --to file:./data/pushport.db',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    // Loads the database drivers only when they are needed.
    const { moveAll, counted } = await import('../../move/index.ts')
    const places = {
      from: args.from,
      to: args.to,
      migrations: { sqlite: beside('migrations'), postgres: beside('postgres') },
    }
    try {
      if (args['dry-run']) {
        const rows = await counted(places)
        return output.rows(
          rows.map(({ table, rows }) => ({ table, rows })),
          ['table', 'rows'],
        )
      }
      const progress = showProgress(output, 'move', (amount) => amount.toLocaleString('en'))
      const moved = await moveAll(places, ({ phase, table, done, total }) =>
        progress.at(done, total, `${phase} ${table}`),
      )
      progress.end(
        `${sum(moved).toLocaleString('en')} rows in ${moved.length} tables: identical on both sides`,
      )
      output.rows(moved as unknown as readonly Readonly<Record<string, unknown>>[], ['table', 'rows', 'hash'])
    } catch (error) {
      if (error instanceof Error && (error.name === 'MoveFault' || error instanceof StoreUnavailable))
        throw new Fault(EXIT.refused, error.message)
      throw error
    }
  },
})

const sum = (moved: readonly Moved[]) => moved.reduce((all, { rows }) => all + rows, 0)
