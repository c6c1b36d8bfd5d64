import { Provider, ProviderList, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DRY_RUN } from './parameters.ts'

const ENDPOINT = 'A base URL in place of the service’s own, for tests and proxies; null for the service’s.'
const PEM = 'The key itself, in PEM.'

/** Members that mean the same with every service stand by their name. */
const BODY = {
  kind: 'The push service, as in the path.',
  endpoint: ENDPOINT,
  'endpoint.production': 'The base URL for tokens of release builds.',
  'endpoint.sandbox': 'The base URL for tokens of development builds.',
  serviceAccount: 'The service account file, as it was downloaded.',
  type: 'What the file says: `service_account`.',
  project_id: 'The id of the Firebase project.',
  private_key_id: 'The id of the key.',
  private_key: PEM,
  client_email: 'The account that sends.',
  token_uri:
    'Where access tokens are asked for: an address of Google’s, unless `endpoint` is set; with `http:` or private addresses only as `endpoint` may have them.',
  key: 'The text of the key file (.p8).',
  keyId: 'The id of the key, 10 characters.',
  teamId: 'The id of the developer’s team, 10 characters.',
  topic: 'The bundle id of the app; of a certificate, its own where left out.',
  environment: 'What tokens are taken for of which it is not known.',
  certificate: 'The certificate file (.p12) in base64, instead of a key; only on Node.',
  passphrase: 'The password of the certificate file.',
  subject:
    'The contact that push services are told: a mailto: or https: address; the app’s own where left out.',
  packageSid: 'The package SID of the app.',
  appId: 'The id of the app.',
  clientId: 'The id of the client.',
  clientSecret: 'The secret that goes with it.',
}

export const providers = {
  '/apps/:app/providers': {
    get: {
      id: 'listProviders',
      summary: 'List the push services of an app',
      query: {},
      answers: { 200: { is: 'All of them.', schema: ProviderList } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/providers/:kind': {
    get: {
      id: 'getProvider',
      summary: 'Show what an app sends with to a push service',
      query: {},
      answers: { 200: { is: 'The provider, without secrets.', schema: Provider } },
      problems: ['app_unknown', 'not_found'],
    },
    put: {
      id: 'putProvider',
      summary: 'Set what an app sends with to a push service',
      description:
        'Creates or replaces. The service is then asked whether it takes the credential, for 5 seconds at most: what it says is in `state` and `reason`, and never makes the call fail. A body that is refused changes nothing.',
      query: {},
      body: BODY,
      example: {
        kind: 'adm',
        clientId: 'amzn1.application-oa2-client.0123456789abcdef',
        clientSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      },
      answers: {
        200: { is: 'The provider, which took the place of another.', schema: Provider },
        201: { is: 'The provider, the first of its kind.', schema: Provider },
      },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'deleteProvider',
      summary: 'Send no more to a push service',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: what would go.', schema: Would },
        204: { is: 'The provider is deleted.' },
      },
      problems: ['app_unknown', 'not_found'],
    },
  },
  '/apps/:app/providers/:kind/probe': {
    post: {
      id: 'probeProvider',
      summary: 'Ask a push service about what an app sends with',
      description: 'For 5 seconds at most; what it says is in `state` and `reason`.',
      query: {},
      answers: { 200: { is: 'The provider, with what the service said.', schema: Provider } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<`/apps/:app/providers${'' | '/:kind' | '/:kind/probe'}`>
