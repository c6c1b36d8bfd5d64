// `npm run demo:push`: a stand-in for FCM on this machine, which checks what FCM checks, prints each push and delivers
// none. What an app's provider has to be told is kept in data/demo-push, so that a restart changes nothing for the app.
import { createPublicKey } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAdaptorServer } from '@hono/node-server'
import { exportPKCS8, generateKeyPair, importSPKI } from 'jose'
import { fcmFake } from '../test/fixtures/push-services/fcm.ts'
import { googleToken } from '../test/fixtures/push-services/google-token.ts'

/** The body of a PUT …/providers/fcm. */
interface Provider {
  readonly kind: 'fcm'
  readonly serviceAccount: Readonly<Record<'project_id' | 'private_key' | 'client_email', string>> & {
    readonly private_key_id: string
    readonly token_uri: string
  }
  readonly endpoint: string
}

const FILE = join('data', 'demo-push', 'provider.json')
const PROJECT = 'push-demo'
const USUAL_PORT = 8788

const say = (text: string) => process.stdout.write(`${text}\n`)
const { values } = parseArgs({ options: { port: { type: 'string' } } })

const kept = readKept()
const privateKey = kept?.serviceAccount.private_key ?? (await newKey())
const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
const account = {
  type: 'service_account',
  project_id: PROJECT,
  private_key_id: 'push-demo-key',
  private_key: privateKey,
  client_email: `sender@${PROJECT}.iam.gserviceaccount.com`,
}
const google = googleToken({
  publicKey: await importSPKI(spki, 'RS256'),
  account,
  now: () => new Date(),
})
const fcm = fcmFake(PROJECT, google.valid)

const server = createAdaptorServer({ fetch: answer })
const origin = await listen()
const provider: Provider = {
  kind: 'fcm',
  serviceAccount: { ...account, token_uri: `${origin}/token` },
  endpoint: origin,
}
mkdirSync(dirname(FILE), { recursive: true, mode: 0o700 })
writeFileSync(FILE, `${JSON.stringify(provider, null, 2)}\n`, { mode: 0o600 })
say(`A push test server listens on ${origin}. It checks what FCM checks, prints each push and delivers none.

Make it the FCM provider of an app (the README has all that comes before and after: "See a push arrive"):

curl -s -X PUT $GATEWAY/admin/v1/apps/$APP/providers/fcm -H "Authorization: Bearer $ADMIN_TOKEN" \\
  -H 'Content-Type: application/json' -d @${FILE}

The gateway calls an address of this machine only if it was started with ALLOW_PRIVATE_TARGETS=on.
`)

function readKept(): Provider | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Provider
  } catch {
    return undefined
  }
}

async function newKey(): Promise<string> {
  return exportPKCS8((await generateKeyPair('RS256', { extractable: true })).privateKey)
}

/** On the port that is asked for, else on the last or the usual one, else on any. */
async function listen(): Promise<string> {
  const last = kept ? Number(new URL(kept.endpoint).port) : USUAL_PORT
  if (values.port !== undefined) await listenOn(Number(values.port))
  else await listenOn(last).catch(() => listenOn(0))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function listenOn(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const response = await (pathname === '/token' ? google.handler(request) : fcm.handler(request))
  const at = new Date().toTimeString().slice(0, 8)
  // Taken out: nothing is held of what has been printed.
  const [[message], [asked]] = [fcm.messages.splice(0), fcm.requests.splice(0)]
  if (message) say(`${at}  a push to ${message.token}\n${JSON.stringify(message, null, 2)}\n`)
  else if (pathname === '/token') say(`${at}  an access token was asked for: ${response.status}`)
  else if (asked?.text.includes('"validate_only":true'))
    say(`${at}  the credential was tried with a token that no phone has: ${response.status}, as from FCM`)
  else say(`${at}  refused: ${response.status} ${await reason(response.clone())}`)
  return response
}

/** In FCM's words. */
async function reason(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: { message?: string } }
  return error?.message ?? ''
}
