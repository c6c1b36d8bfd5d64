import { randomBytes } from 'node:crypto'
import type { Adapter } from '../adapter.ts'
import { buildApp, buildGateway, realChance } from '../build.ts'
import type { Config } from '../config.ts'
import { StoreUnavailable } from '../domain/error.ts'
import type { Db } from '../store/sql/port.ts'
import { sqlStore } from '../store/sql/store.ts'
import { watchConnections } from './drain.ts'
import { forwarding } from './forward.ts'
import { listening, serverOf } from './http-server.ts'
import { createLog } from './log.ts'
import { stopGracefully } from './stop.ts'

/** Starts a gateway that only forwards calls (`FORWARD_TO`) until it is stopped; returns its port. */
export async function forwardAll(
  config: Config,
  { to, adapters, closed }: { to: string; adapters: readonly Adapter[]; closed: () => Promise<void> },
): Promise<number> {
  const { log, sink } = createLog(config.logLevel, process.stdout)
  const app = unavailable(config, adapters)
  const report = (err: unknown) => log.error({ err }, 'forward')
  const forward = forwarding({
    ...{ to, failed: report, kept: config.limits.bulkBytes },
    later: (request) => app.fetch(request),
  })
  const server = serverOf(config, report, (incoming, outgoing) => void forward.answer(incoming, outgoing))
  const connections = watchConnections(server)
  const { port } = await listening(server, config)
  stopGracefully(log, async () => {
    const clean = await connections.drained()
    await Promise.all([forward.close(), sink.close(), closed()])
    return clean
  })
  return port
}

/** The answer if the other gateway cannot be reached: each dialect's "try again". */
function unavailable(config: Config, adapters: readonly Adapter[]) {
  const refuse = () => Promise.reject(new StoreUnavailable('the gateway behind this one cannot be reached'))
  const db: Db = { read: refuse, commit: refuse }
  const key = { masterKey: randomBytes(32).toString('base64') }
  const gateway = buildGateway(sqlStore(db, realChance.now), { ...config, ...key }, { adapters })
  const token = randomBytes(32).toString('hex')
  return buildApp(config, {
    ...{ adapters, gateway: () => gateway, adminToken: () => token },
    ...{ address: () => 'unknown', log: () => {} },
  })
}
