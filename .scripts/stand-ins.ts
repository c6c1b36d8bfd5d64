// Push services for this machine, with the checks of the real ones; `npm run demo:push` starts them.
import { createPublicKey } from 'node:crypto'
import { exportPKCS8, generateKeyPair, importSPKI } from 'jose'
import { apnsFake } from '../test/fixtures/push-services/apns.ts'
import { fcmFake } from '../test/fixtures/push-services/fcm.ts'
import { googleToken } from '../test/fixtures/push-services/google-token.ts'

type Document = Readonly<Record<string, unknown>>

export interface StandIn {
  readonly title: string
  readonly http2: boolean
  /** The body of a PUT …/providers/{kind}. */
  provider(origin: string): Document
  handle(request: Request): Response | Promise<Response>
  /** The text to print for a request that was answered like this. */
  told(response: Response): Promise<string>
}

interface Kind {
  readonly algorithm: 'RS256' | 'ES256'
  /** The private key in a stored body. */
  keyIn(document: Document): unknown
  open(privateKey: string, publicKey: CryptoKey): StandIn
}

const now = () => new Date()
const PROJECT = 'push-demo'
const APPLE = { keyId: 'PUSHDEMO01', teamId: 'PUSHDEMOTM', topic: 'com.example.push-demo' }

export const kinds: Readonly<Record<string, Kind>> = {
  fcm: {
    algorithm: 'RS256',
    keyIn: ({ serviceAccount }) => (serviceAccount as Document | undefined)?.private_key,
    open(privateKey, publicKey) {
      const account = {
        type: 'service_account',
        project_id: PROJECT,
        private_key_id: 'push-demo-key',
        private_key: privateKey,
        client_email: `sender@${PROJECT}.iam.gserviceaccount.com`,
      }
      const google = googleToken({ publicKey, account, now })
      const fake = fcmFake(PROJECT, google.valid)
      const isToken = ({ url }: Request) => new URL(url).pathname === '/token'
      return {
        title: 'FCM',
        http2: false,
        provider: (origin) => ({
          kind: 'fcm',
          serviceAccount: { ...account, token_uri: `${origin}/token` },
          endpoint: origin,
        }),
        handle: (request) => (isToken(request) ? google.handler(request) : fake.handler(request)),
        async told(response) {
          // Removed from the list, so that nothing is kept of printed requests.
          const [[message], [asked]] = [fake.messages.splice(0), fake.requests.splice(0)]
          if (message) return pushed(message.token, message)
          if (!asked) return `an access token was asked for: ${response.status}`
          if (asked.text.includes('"validate_only":true'))
            return `the credential was checked with a token that no phone has: ${response.status}, as from FCM`
          return refused(response)
        },
      }
    },
  },

  apns: {
    algorithm: 'ES256',
    keyIn: ({ key }) => key,
    open(key, publicKey) {
      const { topic: bundle, ...ids } = APPLE
      const fake = apnsFake({ publicKey, ...ids, bundle, now })
      return {
        title: 'APNs',
        http2: true,
        provider: (endpoint) => ({ kind: 'apns', key, ...APPLE, environment: 'production', endpoint }),
        handle: fake.handler,
        async told(response) {
          const [asked] = fake.requests.splice(0)
          if (!asked || response.status !== 200) return refused(response)
          const headers = [...asked.headers].filter(([name]) => name.startsWith('apns-'))
          const shown = { headers: Object.fromEntries(headers), payload: JSON.parse(asked.text) as unknown }
          return pushed(asked.url.pathname.split('/').pop() ?? '', shown)
        },
      }
    },
  },
}

const pushed = (to: string, shown: unknown) => `a push to ${to}\n${JSON.stringify(shown, null, 2)}\n`
/** In the service's own words. */
const refused = async (response: Response) => `refused: ${response.status} ${await response.text()}`

/** With the key of a stored body, if there is one. */
export async function openStandIn(kind: Kind, before: Document | undefined): Promise<StandIn> {
  const kept = before && kind.keyIn(before)
  const privateKey = typeof kept === 'string' ? kept : await newKey(kind.algorithm)
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return kind.open(privateKey, await importSPKI(spki, kind.algorithm))
}

async function newKey(algorithm: string): Promise<string> {
  return exportPKCS8((await generateKeyPair(algorithm, { extractable: true })).privateKey)
}
