import type { Adapter, AdapterOptions } from '../../src/adapter.ts'
import { fail } from './errors.ts'
import { DIALECT, mobileFirstProvisioning } from './provisioning.ts'
import { basesOf, CROSS_ORIGIN, mobileFirstRoutes } from './routes.ts'
import { webhookBody } from './webhooks.ts'

function adapterFor(options: AdapterOptions): Adapter {
  return {
    name: DIALECT,
    bases: basesOf(options),
    provisioning: mobileFirstProvisioning,
    crossOrigin: CROSS_ORIGIN,
    routes: () => mobileFirstRoutes(options),
    fail,
    example: (document, origin, token) => example(document, `${origin}${options.mfpContext}/api`, token),
    webhookBody,
    configured: adapterFor,
  }
}

/** IBM MobileFirst, with its authorization server below the runtime context. */
export const mobileFirst: Adapter = adapterFor({ mfpContext: '/mfp' })

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
