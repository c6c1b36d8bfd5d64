import { noAnswer } from '../../outcome.ts'
import type { Delivery, LaneDeps } from '../../provider.ts'
import type { Answer, Connection } from '../../transport/transport.ts'
import { type Reply, replyOf, tokenIsOld } from './answers.ts'
import type { Credential, Place } from './credential.ts'
import { providerToken } from './jwt.ts'
import { headersOf } from './message.ts'
import { replacing } from './replacing.ts'

const HOSTS: Readonly<Record<Place, string>> = {
  production: 'https://api.push.apple.com',
  sandbox: 'https://api.sandbox.push.apple.com',
}
/** The requests of a lane, each sent to one environment. */
export interface Ask extends Pick<Connection, 'together'> {
  ask(place: Place, delivery: Delivery): Promise<Reply>
  close(): Promise<void>
}

export function createAsk(credential: Credential, deps: LaneDeps): Ask {
  const connections = connectionsOf(credential, deps)
  const token = 'certificate' in credential ? null : providerToken(credential, deps)
  const replace = replacing(deps.now)

  async function ask(place: Place, delivery: Delivery): Promise<Reply> {
    const connection = connections[place]
    const { push, target } = delivery
    const path = `/3/device/${target.token}`
    const post = (jwt: string | undefined): Promise<Answer> => {
      const authorization = jwt === undefined ? undefined : `bearer ${jwt}`
      const headers = headersOf(delivery, { topic: credential.topic, authorization, now: deps.now() })
      return connection.send({ path, headers, body: push.body })
    }
    const hidden = [target.token]
    try {
      let jwt = token?.ready() ?? (await token?.current())
      let answer = await post(jwt)
      if (jwt !== undefined && tokenIsOld(answer)) {
        hidden.push(jwt)
        // The connection on which the old token was refused stays unusable.
        replace(connection)
        jwt = (await token?.instead(jwt)) ?? undefined
        if (jwt !== undefined) answer = await post(jwt)
      }
      const reply = replyOf(answer, deps.now(), [...hidden, jwt ?? ''])
      if (reply.reconnect) replace(connection)
      return reply
    } catch (error) {
      return { outcome: noAnswer(error) }
    }
  }

  const { together } = connections.production
  return {
    ask,
    ...(together !== undefined && { together }),
    async close() {
      await Promise.all([...new Set(Object.values(connections))].map((one) => one.close()))
    },
  }
}

/** One connection per environment, or one for both. */
function connectionsOf(credential: Credential, { transport }: LaneDeps): Readonly<Record<Place, Connection>> {
  const { endpoint } = credential
  const certificate = 'certificate' in credential ? { certificate: credential.certificate } : {}
  const connect = (base: string) => transport.connect(new URL(base), { http2Only: true, ...certificate })
  if (typeof endpoint === 'string') {
    const both = connect(endpoint)
    return { production: both, sandbox: both }
  }
  const { production, sandbox } = endpoint ?? HOSTS
  return { production: connect(production), sandbox: connect(sandbox) }
}
