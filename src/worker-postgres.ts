import journal from '../schema/postgres/meta/_journal.json' with { type: 'json' }
import { ConfigError } from './config.ts'
import { type Hyperdrive, openHyperdrive } from './store/postgres/hyperdrive.ts'
import { workerOver } from './worker-gateway.ts'

/**
 * A separate entry point, so that Workers over D1 contain neither the driver nor the Node functions that it
 * needs.
 */
export default workerOver({
  bound({ HYPERDRIVE: hyperdrive }) {
    if (typeof hyperdrive === 'object' && hyperdrive !== null) return hyperdrive
    throw new ConfigError(
      'Configuration: the Hyperdrive binding HYPERDRIVE is missing; see wrangler.postgres.toml.',
    )
  },
  open: (hyperdrive) => openHyperdrive(hyperdrive as Hyperdrive, journal.entries),
})
