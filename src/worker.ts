import journal from '../schema/migrations/meta/_journal.json' with { type: 'json' }
import { ConfigError } from './config.ts'
import { openD1 } from './store/sqlite/d1.ts'
import { workerOver } from './worker-gateway.ts'

export default workerOver({
  bound({ DB: d1 }) {
    if (typeof d1 === 'object' && d1 !== null) return d1
    throw new ConfigError(
      'Configuration: the D1 binding DB is missing; see [[d1_databases]] in wrangler.toml.',
    )
  },
  open: (d1, { maxDatabaseBytes: maxBytes }) => ({
    db: openD1(d1 as D1Database, {
      migrations: journal.entries.map(({ tag }) => `${tag}.sql`),
      maxBytes,
    }),
  }),
})
