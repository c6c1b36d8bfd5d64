import { SignJWT } from 'jose'
import * as z from 'zod'
import type { AppDocument } from '../harness/harness.ts'

/** An app that speaks a dialect, for the examples of its description. */
interface Tenant {
  readonly setup: Readonly<Record<string, unknown>>
  /** Parameters and credentials by name, instead of the examples of the description. */
  values(
    document: AppDocument['dialects'][string],
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  /** Parameters that name no app, for calls without a credential. */
  readonly stranger?: Readonly<Record<string, string>>
}

/** The members of a document that are read here. */
const Kinds = z.object({ apiKeys: z.object({ rest: z.string() }) })
const Keys = z.object({ apiKeys: z.tuple([z.object({ key: z.string() })]) })

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
}
