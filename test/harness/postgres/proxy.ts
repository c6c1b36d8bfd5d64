import { createServer, type Socket, connect as tcp } from 'node:net'
import { onTestFinished } from 'vitest'

/** A proxy to a server with which a test observes and disturbs the connection. */
export interface Proxy {
  readonly port: number
  /** How often the conversation changed direction from client to server, on all connections. */
  turns: number
  /** Called before the client's bytes are forwarded; if true, they are dropped and the connection is cut. */
  cutsBefore: (sent: Buffer) => boolean
  /** The same for the server's answers: the client then does not learn what the server has done. */
  cutsAnswer: (sent: Buffer, answer: Buffer) => boolean
  /** Cuts all connections; new ones are accepted. */
  cut(): void
  /** Milliseconds by which each answer is delayed. */
  delay: number
}

export async function openProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const proxy = {
    port: 0,
    turns: 0,
    delay: 0,
    cutsBefore: (_: Buffer) => false,
    cutsAnswer: (_: Buffer, __: Buffer) => false,
    cut() {
      for (const one of sockets) one.destroy()
    },
  }
  const server = createServer((client) => {
    const upstream = tcp(target, '127.0.0.1')
    let asking = false
    let last = Buffer.alloc(0)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    client.on('data', (sent) => {
      if (!asking) proxy.turns++
      last = asking ? Buffer.concat([last, sent]) : sent
      asking = true
      if (proxy.cutsBefore(last)) return void client.destroy()
      upstream.write(sent)
    })
    upstream.on('data', (answer) => {
      asking = false
      if (proxy.cutsAnswer(last, answer)) return void client.destroy()
      if (proxy.delay === 0) client.write(answer)
      else setTimeout(() => client.writable && client.write(answer), proxy.delay)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  proxy.port = typeof address === 'object' && address ? address.port : 0
  onTestFinished(() => {
    proxy.cut()
    server.close()
  })
  return proxy
}
