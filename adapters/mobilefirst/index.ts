import { type Adapter, configurable } from '../../src/adapter.ts'
import { fail } from './errors.ts'
import { identify } from './identify.ts'
import { IMPORTS } from './imports.ts'
import { mobileFirstMirror } from './mirror.ts'
import { DIALECT, mobileFirstProvisioning } from './provisioning.ts'
import { basesOf, CROSS_ORIGIN, mobileFirstRoutes } from './routes.ts'
import { sending } from './sending/index.ts'
import { OFFERS } from './settings.ts'
import { VARIABLES } from './variables.ts'
import { webhookBody } from './webhooks.ts'

/** IBM MobileFirst, with its authorization server below the runtime context. */
export const mobileFirst: Adapter = configurable(VARIABLES, ({ MFP_CONTEXT: context }) => ({
  name: DIALECT,
  bases: basesOf(context),
  provisioning: mobileFirstProvisioning,
  routes: () => mobileFirstRoutes(context),
  identify,
  fail,
  capabilities: {
    crossOrigin: CROSS_ORIGIN,
    webhooks: { body: webhookBody },
    sending,
    offers: OFFERS,
    mirror: mobileFirstMirror(context),
    imports: IMPORTS,
  },
  example: (document, origin, token) => example(document, `${origin}${context}/api`, token),
}))

function example(
  { applicationId, clients }: Readonly<Record<string, unknown>>,
  runtime: string,
  pushToken: string,
): string {
  const [client] = Array.isArray(clients) ? clients : []
  const token = [
    `curl -s ${runtime}/az/v1/token -u '${client?.clientId ?? 'CLIENT_ID'}:${client?.clientSecret ?? 'CLIENT_SECRET'}'`,
    `-d grant_type=client_credentials -d 'scope=devices.write push.application.${applicationId}'`,
    `| sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'`,
  ].join(' ')
  return [
    `curl -s ${runtime}/imfpush/v1/apps/${applicationId}/devices`,
    `-H "Authorization: Bearer $(${token})" -H 'Content-Type: application/json'`,
    `-d '{"deviceId":"12345-6789","platform":"G","token":"${pushToken}"}'`,
  ].join(' ')
}
