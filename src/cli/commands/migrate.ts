import { COMMON, command, DRY_RUN } from '../command.ts'
import { configurationOf, databaseOf, inWords, MIGRATIONS } from '../local.ts'
import { createOutput } from '../output.ts'

export const migrate = command({
  name: 'migrate',
  is: 'Migrates the database of this environment (DATABASE_URL), as starting a gateway does. No gateway may run on a database file.',
  args: { ...COMMON, ...DRY_RUN },
  examples: [
    'pushport migrate --dry-run',
    'DATABASE_URL=postgres://push:secret@db.example.com/pushport pushport migrate',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const config = configurationOf(process.env)
    const database = databaseOf(config)
    const where = config.databaseFile
    // Loads the database drivers only when they are needed.
    const { schemaMigrated, schemaState } = await import('../../move/schema.ts')
    if (args['dry-run']) {
      const { empty, pending, unknown } = await inWords(() => schemaState(database, MIGRATIONS))
      const lacks = pending.length === 0 ? 'is up to date' : `lacks ${pending.join(', ')}`
      return output.say({ database: where, empty, pending, unknown }, () =>
        unknown > 0
          ? `${where} was migrated by a newer Pushport (${unknown} migrations unknown to this version).`
          : empty
            ? `${where} is new: all tables would be created (${pending.length} migrations).`
            : `${where} ${lacks}.`,
      )
    }
    const { made, applied } = await inWords(() => schemaMigrated(database, MIGRATIONS))
    const done = applied.length === 0 ? 'was up to date' : `was migrated: ${applied.join(', ')}`
    output.say({ database: where, made, applied }, `${where} ${made ? 'was created' : done}.`)
  },
})
