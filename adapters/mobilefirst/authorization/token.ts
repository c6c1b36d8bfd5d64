import type { Request } from '../../../src/adapter.ts'
import type { Credential, DialectApp } from '../../../src/domain/app.ts'
import type { Holder } from '../../../src/gateway/auth.ts'
import { countIssued, limitFailures } from '../../../src/wire/credentials.ts'
import { OAuthRefusal } from '../errors.ts'
import { applicationScope, CLIENT, DIALECT } from '../provisioning.ts'
import { covers, REGISTERED_CLIENT, scopeList } from '../scopes.ts'
import type { Form } from './form.ts'
import { redeemedClient } from './mobile.ts'
import { credentialsOf, formOf } from './presented.ts'

/** Lifetime of an access token (section 7). */
const TOKEN_SECONDS = 3600

/** The token endpoint of confidential clients (section 7) and of shipped apps (section 8, step 4). */
export async function token(c: Request): Promise<Response> {
  const form = await formOf(c)
  const grantType = form('grant_type')
  if (grantType === 'client_credentials') return clientCredentials(c, form)
  if (grantType === 'authorization_code') return authorizationCode(c, form)
  if (grantType === '') throw new OAuthRefusal('invalid_request', 'grant_type is missing.')
  throw new OAuthRefusal('unsupported_grant_type', 'This grant type is not supported.')
}

async function clientCredentials(c: Request, form: Form): Promise<Response> {
  const presented = credentialsOf(c, form)
  const found = await limitFailures(c, presented?.name ?? '', async () => {
    if (!presented) return null
    const all = await c.get('gateway').apps.findByCredential(DIALECT, CLIENT, presented)
    return all.length > 0 ? all : null
  })
  if (!found || !presented) throw new OAuthRefusal('invalid_client', 'The client is not authenticated.', 401)
  const asked = scopeList(form('scope'))
  const { app, credential } = matching(found, asked)
  await c.get('tenant').enter(app)
  const refused = asked.filter((one) => one !== REGISTERED_CLIENT && !covers(credential.scopes, one))
  if (refused.length > 0) throw new OAuthRefusal('invalid_scope', 'The client may not have this scope.')
  const scope = asked.length > 0 ? asked.join(' ') : REGISTERED_CLIENT
  return issued(c, app, { credential: credential.id }, { kind: 'client', sub: presented.name, scope })
}

/** Two apps may have a client with the same id and secret; then the application in the scope decides. */
function matching(
  found: readonly { readonly app: DialectApp; readonly credential: Credential }[],
  asked: readonly string[],
) {
  const named = found.find(({ app }) => asked.includes(applicationScope(app.identifier)))
  const [first] = found
  if (!first) throw new Error('a client was found and lost')
  return named ?? first
}

async function authorizationCode(c: Request, form: Form): Promise<Response> {
  const { app, client, scope, deviceId } = await redeemedClient(c, form)
  return issued(c, app, { client: client.id }, { kind: 'mobile', sub: client.id, scope, device: deviceId })
}

async function issued(
  c: Request,
  app: DialectApp,
  holder: Holder,
  claims: Readonly<Record<string, unknown>> & { readonly sub: string; readonly scope: string },
): Promise<Response> {
  await countIssued(c, claims.sub)
  const more = { ...claims, aud: app.identifier }
  const { token: accessToken, seconds } = await c.get('gateway').auth.issue(app, holder, more, TOKEN_SECONDS)
  c.header('Cache-Control', 'no-store')
  return c.json({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: seconds,
    scope: claims.scope,
  })
}
