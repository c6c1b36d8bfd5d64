import { onTestFinished } from 'vitest'
import { serve } from '#runtime'
import { buildApp } from '../../../src/build.ts'
import { parseConfig } from '../../../src/config.ts'
import { fetchTransport } from '../../../src/delivery/transport/fetch.ts'
import type { Transport } from '../../../src/delivery/transport/transport.ts'
import { createRelay } from '../../../src/node/relay/relay.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import type { Handler } from '../../fixtures/push-services/verdicts.ts'
import { createHarness } from '../../harness/harness.ts'

export const RELAY_KEY = 'a-key-of-the-relay-0123456789abcdef'

/** A relay that calls APNs for others; `says` answers instead of it. */
export async function openRelay({
  targets = [],
  says,
  transport = fetchTransport(laneDeps().post),
}: {
  readonly targets?: readonly string[]
  readonly says?: Handler
  readonly transport?: Transport
} = {}) {
  const config = parseConfig({
    RATE_LIMIT: 'off',
    APNS_RELAY_KEY: RELAY_KEY,
    APNS_RELAY_TARGETS: targets.join(', '),
  })
  if (!config.relays) throw new Error('no relay')
  const relay = createRelay({ ...config.relays, transport })
  const { gateway } = await createHarness()
  const log: unknown[] = []
  const app = buildApp(config, {
    adapters: [],
    gateway: () => gateway,
    adminToken: () => 'an admin token of the relay',
    address: () => '127.0.0.1',
    log: (record) => log.push(record),
    besides: [relay.routes],
  })
  /** The number of requests of each call. */
  const calls: number[] = []
  const server = await serve(async (request) => {
    const body = await request.clone().text()
    calls.push((JSON.parse(body) as { requests: readonly unknown[] }).requests.length)
    return says ? says(request) : app.fetch(request)
  })
  onTestFinished(async () => {
    server.close()
    await relay.close()
  })
  return { ...server, app, log, calls }
}
