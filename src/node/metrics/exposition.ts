import { createServer, type Server } from 'node:http'
import type { Registry } from 'prom-client'
import type { Config } from '../../config.ts'
import { listening } from '../http-server.ts'

/** `/metrics` on a separate port (`METRICS_PORT`), without authentication. */
export async function exposeMetrics(
  registry: Registry,
  { host, metricsPort }: Config,
): Promise<Server | undefined> {
  if (metricsPort === undefined) return undefined
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url?.split('?')[0]
    if (incoming.method !== 'GET' || path !== '/metrics') return void outgoing.writeHead(404).end()
    registry.metrics().then(
      (text) => outgoing.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => outgoing.writeHead(503).end(),
    )
  })
  await listening(server, { host, port: metricsPort })
  return server
}
