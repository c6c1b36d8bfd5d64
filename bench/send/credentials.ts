import { generateKeyPairSync } from 'node:crypto'
import type { Provider } from '../../src/domain/push-token.ts'
import type { Services } from './services.ts'

const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  String(key.export({ type: 'pkcs8', format: 'pem' }))

/** The body of `PUT …/providers/{provider}` for the push services of the bench. */
export function credentialFor(provider: Provider, { open, secure }: Services): unknown {
  if (provider === 'webpush') return { kind: 'webpush', subject: 'mailto:bench@example.com' }
  if (provider === 'apns')
    return {
      ...{ kind: 'apns', environment: 'production', topic: 'com.example.bench', endpoint: secure },
      ...{ keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ' },
      key: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    }
  return {
    kind: 'fcm',
    endpoint: secure,
    serviceAccount: {
      type: 'service_account',
      project_id: 'bench',
      private_key_id: 'key-1',
      private_key: pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      client_email: 'sender@bench.iam.gserviceaccount.com',
      token_uri: `${open}/token`,
    },
  }
}
