import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A field of a Protocol Buffers message: a number, or length-delimited bytes. */
interface Field {
  readonly number: number
  readonly value: bigint | Buffer
}

/** The fields of a message, in order. */
function fields(message: Buffer): Field[] {
  const found: Field[] = []
  let at = 0
  const varint = () => {
    let [value, shift] = [0n, 0n]
    for (;;) {
      const byte = message[at++] ?? 0
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
      shift += 7n
    }
  }
  const bytes = (length: number) => {
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const key = Number(varint())
    const [number, type] = [key >> 3, key & 7]
    if (type === 0) found.push({ number, value: varint() })
    else if (type === 1) found.push({ number, value: bytes(8) })
    else if (type === 5) found.push({ number, value: bytes(4) })
    else found.push({ number, value: bytes(Number(varint())) })
  }
  return found
}

const all = (message: Buffer, number: number) =>
  fields(message).flatMap((field) =>
    field.number === number && typeof field.value !== 'bigint' ? [field.value] : [],
  )
const inside = (messages: readonly Buffer[], number: number) => messages.flatMap((one) => all(one, number))
const hex = ([found]: readonly Buffer[]) => found?.toString('hex') ?? ''
const text = ([found]: readonly Buffer[]) => found?.toString() ?? ''

function attributes(span: Buffer): Record<string, string | number> {
  return Object.fromEntries(
    all(span, 9).map((pair) => {
      const [value] = fields(all(pair, 2)[0] ?? Buffer.of())
      return [
        text(all(pair, 1)),
        typeof value?.value === 'bigint' ? Number(value.value) : String(value?.value),
      ]
    }),
  )
}

/** opentelemetry/proto/collector/trace/v1: resource spans, their scopes, their spans. */
const spansOf = (body: Buffer) =>
  inside(inside(all(body, 1), 2), 2).map((span) => ({
    trace: hex(all(span, 1)),
    id: hex(all(span, 2)),
    parent: hex(all(span, 4)),
    name: text(all(span, 5)),
    attributes: attributes(span),
  }))

/** opentelemetry/proto/collector/metrics/v1: the names of the metrics. */
const metricsOf = (body: Buffer) => inside(inside(all(body, 1), 2), 2).map((metric) => text(all(metric, 1)))

/** Accepts traces and metrics by OTLP over HTTP; `hanging`: accepts them and never answers. */
export async function startCollector({ hanging = false } = {}) {
  const taken: { path: string; headers: Readonly<Record<string, unknown>>; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    taken.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) })
    if (!hanging) response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const of = (path: string) => taken.filter((one) => one.path === path).map(({ body }) => body)
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    spans: () => of('/v1/traces').flatMap(spansOf),
    metrics: () => of('/v1/metrics').flatMap(metricsOf),
  }
}
