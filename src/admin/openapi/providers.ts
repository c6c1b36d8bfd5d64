import { Provider, ProviderList, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DRY_RUN } from './parameters.ts'

const ENDPOINT =
  'A base URL to use instead of the service’s own, for tests and proxies; null uses the service’s own.'
const PEM = 'The key itself, in PEM.'

/** Members with the same meaning for every service are listed by name only. */
const BODY = {
  kind: 'The push service, as in the path.',
  endpoint: ENDPOINT,
  'endpoint.production': 'The base URL for tokens of release builds.',
  'endpoint.sandbox': 'The base URL for tokens of development builds.',
  serviceAccount: 'The service account file, as downloaded.',
  type: 'Always `service_account`.',
  project_id: 'The id of the Firebase project.',
  private_key_id: 'The id of the key.',
  private_key: PEM,
  client_email: 'The account that sends.',
  token_uri:
    'The URL for access tokens: one of Google’s unless `endpoint` is set. `http:` and private addresses are allowed only where they are for `endpoint`.',
  key: 'The text of the key file (.p8).',
  keyId: 'The id of the key, 10 characters.',
  teamId: 'The id of the developer team, 10 characters.',
  topic: 'The bundle id of the app; by default that of the certificate.',
  environment: 'The environment of tokens for which it is unknown.',
  certificate: 'The certificate file (.p12) in base64, instead of a key; only on Node.',
  passphrase: 'The password of the certificate file.',
  subject: 'The contact sent to push services: a mailto: or https: address; by default the app’s own.',
  packageSid: 'The package SID of the app.',
  appId: 'The id of the app.',
  clientId: 'The id of the client.',
  clientSecret: 'The secret of the client.',
}

export const providers = {
  '/apps/:app/providers': {
    get: {
      id: 'listProviders',
      summary: 'List the configured push services of an app',
      query: {},
      answers: { 200: { is: 'All configured push services.', schema: ProviderList } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/providers/:kind': {
    get: {
      id: 'getProvider',
      summary: 'Show the configuration for a push service',
      query: {},
      answers: { 200: { is: 'The provider, without secrets.', schema: Provider } },
      problems: ['app_unknown', 'not_found'],
    },
    put: {
      id: 'putProvider',
      summary: 'Configure a push service',
      description:
        'Creates or replaces the configuration, then checks the credentials with the push service for at most 5 seconds. The result is in `state` and `reason`; a negative one does not fail the call. An invalid body changes nothing.',
      query: {},
      body: BODY,
      example: {
        kind: 'adm',
        clientId: 'amzn1.application-oa2-client.0123456789abcdef',
        clientSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      },
      answers: {
        200: { is: 'The provider, which replaced the previous one.', schema: Provider },
        201: { is: 'The provider, newly created.', schema: Provider },
      },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'deleteProvider',
      summary: 'Delete the configuration for a push service',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: what would be deleted.', schema: Would },
        204: { is: 'The provider is deleted.' },
      },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/providers/:kind/probe': {
    post: {
      id: 'probeProvider',
      summary: 'Check the credentials with the push service',
      description: 'Takes at most 5 seconds; the result is in `state` and `reason`.',
      query: {},
      answers: { 200: { is: 'The provider, with the result.', schema: Provider } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/providers${'' | '/:kind' | '/:kind/probe'}`>
