import type { Request } from '../../../src/adapter.ts'
import type { DialectApp } from '../../../src/domain/app.ts'
import { GatewayError } from '../../../src/domain/error.ts'
import type { Message } from '../../../src/domain/message.ts'
import { limitFailures } from '../../../src/wire/credentials.ts'
import type { Json } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'
import { requestOf } from '../identify.ts'
import { API_TOKEN, DIALECT, LONGEST_TOKEN } from '../provisioning.ts'
import { required } from '../request.ts'

/** A call of a back end, authenticated by its account's token; several apps may share the token. */
export interface ServerCall {
  readonly c: Request
  readonly request: Json
  readonly token: string
}

/** Returns the `response` of the envelope. */
export type ServerMethod = (call: ServerCall) => Promise<unknown>

export async function answerServer(c: Request, method: ServerMethod): Promise<Response> {
  const request = await requestOf(c)
  const { auth } = request
  const token = typeof auth === 'string' && auth !== '' && auth.length <= LONGEST_TOKEN ? auth : ''
  const response = await method({ c, request, token })
  return c.json({ status_code: 200, status_message: 'OK', response })
}

/** The apps of the token. Throws `unauthorized` if it belongs to no app. */
export async function appsOf({ c, token }: Omit<ServerCall, 'request'>): Promise<readonly DialectApp[]> {
  const apps = await limitFailures(c, DIALECT, async () => {
    const sharing = token === '' ? [] : await c.get('gateway').apps.findSharing(DIALECT, API_TOKEN, token)
    return sharing.length > 0 ? sharing : null
  })
  if (!apps) throw new GatewayError('unauthorized', 'Account not found')
  return apps
}

/** The app that a call names, if the token gives access to it. */
export async function ownApp(
  { c, token }: Omit<ServerCall, 'request'>,
  found: DialectApp | null,
): Promise<DialectApp> {
  if (found && token !== '' && c.get('gateway').apps.verify(found, [API_TOKEN], token)) return found
  await appsOf({ c, token })
  if (!found) throw new GatewayError('app_unknown', 'Application not found')
  throw new GatewayError('forbidden', 'Token restrictions forbid this operation')
}

/** A message of the account, by its code. */
interface Found {
  readonly app: DialectApp
  readonly message: Message
}

/** The message with a code, if it belongs to one of the given apps. */
export async function messageOf(
  { c }: Pick<ServerCall, 'c'>,
  apps: readonly DialectApp[],
  code: string,
): Promise<Found | null> {
  for (const app of apps) {
    const message = await c.get('gateway').messages.find({ app, externalId: code })
    if (!message) continue
    await c.get('tenant').enter(app)
    return { app, message }
  }
  return null
}

/** The message that a call is about. A wrong token is reported before any other error. */
export async function requiredMessage(call: ServerCall): Promise<Found> {
  const apps = await appsOf(call)
  const found = await messageOf(call, apps, required(call.request, 'message', 255))
  if (!found) throw argument('Message not found')
  return found
}
