import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StoreUnavailable } from '../../domain/error.ts'
import { COMMON, command } from '../command.ts'
import { EXIT, Fault } from '../faults.ts'
import { createOutput } from '../output.ts'

export const schema = command({
  name: 'schema',
  is: 'Creates or migrates the tables in a PostgreSQL, for Workers; a gateway on Node does this when it starts.',
  args: {
    ...COMMON,
    to: { type: 'string', required: true, valueHint: 'URL', description: 'postgres://…' },
  },
  examples: ['pushport schema --to postgres://push:secret@db.example.com/pushport'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const folder = join(dirname(fileURLToPath(import.meta.url)), 'postgres')
    // Loads the database driver only when it is needed.
    const { schemaMade } = await import('../../move/index.ts')
    try {
      const { made, applied } = await schemaMade(args.to, folder)
      output.say({ made, applied }, told(made, applied))
    } catch (error) {
      if (error instanceof Error && (error.name === 'MoveFault' || error instanceof StoreUnavailable))
        throw new Fault(EXIT.refused, error.message)
      throw error
    }
  },
})

function told(made: boolean, applied: readonly string[]): string {
  if (made) return 'made'
  return applied.length > 0 ? `brought up to date: ${applied.join(', ')}` : 'up to date'
}
