import journal from '../schema/postgres/meta/_journal.json' with { type: 'json' }
import { ConfigError } from './config.ts'
import { type Hyperdrive, openHyperdrive } from './store/postgres/hyperdrive.ts'
import { workerOver } from './worker-gateway.ts'

/** An entry of its own: Workers over D1 carry neither the driver nor what it needs of Node. */
export default workerOver({
  bound({ HYPERDRIVE: hyperdrive }) {
    if (typeof hyperdrive === 'object' && hyperdrive !== null) return hyperdrive
    throw new ConfigError(
      'Configuration: the Hyperdrive binding HYPERDRIVE is missing; see wrangler.postgres.toml.',
    )
  },
  open: (hyperdrive) => openHyperdrive(hyperdrive as Hyperdrive, journal.entries),
})
