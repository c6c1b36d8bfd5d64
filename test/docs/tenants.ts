import { SignJWT } from 'jose'
import * as z from 'zod'
import { pkcs12 } from '../adapters/mobilefirst/certificates.ts'
import { hmacSigner, jws } from '../adapters/mobilefirst/phone.ts'
import type { AppDocument, Harness } from '../harness/harness.ts'

/** An app that speaks a dialect, for the examples of its description. */
interface Tenant {
  readonly setup: Readonly<Record<string, unknown>>
  /** Parameters and credentials by name, instead of the description's examples. */
  values(
    document: AppDocument['dialects'][string],
    h: Harness,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  /** Values derived from the answer to an example. */
  learn?(values: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>
  /** Parameters that name no app, for calls without a credential. */
  readonly stranger?: Readonly<Record<string, string>>
}

/** The members of a document that are read here. */
const Kinds = z.object({ apiKeys: z.object({ rest: z.string() }) })
const Keys = z.object({ apiKeys: z.tuple([z.object({ key: z.string() })]) })

const Clients = z.object({
  applicationId: z.string(),
  clients: z.tuple([
    z.object({ clientId: z.string(), clientSecret: z.string(), scopes: z.array(z.string()) }),
  ]),
})
const Issued = z.object({ access_token: z.string() })
const signer = await hmacSigner()
const lastPart = (location = '') => location.split(/[/=]/).at(-1) ?? ''

export const TENANTS: Readonly<Record<string, Tenant>> = {
  flameup: {
    setup: { apiKeys: [{ scopes: ['*'] }] },
    values: (document) => ({
      workspace: String(document.workspaceId),
      apiKey: Keys.parse(document).apiKeys[0].key,
    }),
  },
  'pusher-beams': {
    setup: {},
    async values({ instanceId, secretKey }) {
      const userToken = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject('jane')
        .setIssuer(`https://${instanceId}.pushnotifications.pusher.com`)
        // The clock of the tests.
        .setExpirationTime(new Date('2026-11-25T13:00:00Z'))
        .sign(new TextEncoder().encode(String(secretKey)))
      return { instance: String(instanceId), secretKey: String(secretKey), userToken }
    },
    stranger: { instance: '00000000-0000-4000-8000-000000000000' },
  },
  backendless: {
    setup: { pushTemplates: { greeting: { message: 'Hello {name}', platforms: ['IOS', 'OSX', 'ANDROID'] } } },
    values: (document) => ({
      applicationId: String(document.applicationId),
      apiKey: Kinds.parse(document).apiKeys.rest,
    }),
    stranger: { applicationId: '00000000-0000-4000-8000-000000000000' },
  },
  pushwoosh: {
    setup: {},
    values: ({ applicationCode, apiToken }) => ({
      'ABCDE-12345': String(applicationCode),
      API_TOKEN: String(apiToken),
      accountToken: `Token ${apiToken}`,
    }),
    stranger: {
      'ABCDE-12345': 'NOBOD-00000',
      API_TOKEN: 'nobodys-token',
      job: '00000000-0000-7000-8000-000000000000',
    },
  },
  mobilefirst: {
    setup: {},
    async values(document, h) {
      const { applicationId, clients } = Clients.parse(document)
      const [{ clientId, clientSecret, scopes }] = clients
      const confidentialClient = `${clientId}:${clientSecret}`
      const answer = await h.request('POST', '/mfp/api/az/v1/token', {
        headers: {
          Authorization: `Basic ${btoa(confidentialClient)}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: String(new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') })),
      })
      const about = { device: { id: 'example-device' }, application: { id: applicationId } }
      const signed = await jws(signer, about)
      return {
        app: applicationId,
        'com.example.app': applicationId,
        accessToken: Issued.parse(await answer.json()).access_token,
        confidentialClient,
        JWS_HEADER: signed.header,
        JWS_PAYLOAD: signed.payload,
        JWS_SIGNATURE: signed.signature,
        'PUSH-CERTIFICATE': btoa(String.fromCharCode(...pkcs12({ password: 'secret' }))),
      }
    },
    async learn(values) {
      const client = lastPart(values.CLIENT_ID)
      const code = lastPart(values.AUTHORIZATION_CODE)
      const exp = Date.parse('2026-11-25T12:10:00Z')
      const claims = { sub: client, jti: code, aud: 'az/v1/token', exp }
      const { header, payload, signature } = await jws(signer, claims, client)
      return {
        ...values,
        ...{ CLIENT_ID: client, AUTHORIZATION_CODE: code },
        CLIENT_ASSERTION: `${header}.${payload}.${signature}`,
      }
    },
    stranger: { app: 'com.example.nobody', CLIENT_ID: 'nobody' },
  },
}
