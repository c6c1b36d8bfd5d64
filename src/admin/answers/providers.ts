import * as z from 'zod'
import { named, time } from './answer.ts'

export const Provider = z
  .object({
    kind: z.string().describe('The push service.'),
    state: z
      .enum(['ok', 'refused'])
      .describe(
        'Whether the service accepts the credential, as far as is known; it is checked when the credential is set.',
      ),
    reason: z
      .string()
      .nullable()
      .describe(
        'The service’s reason for refusing the credential, or why it could not be checked; null if all is well.',
      ),
    since: time
      .nullable()
      .describe('When the service began to refuse the credential; null if it accepts it.'),
    restingUntil: time
      .nullable()
      .describe('Until when sending pauses because the service kept failing; null if messages are sent.'),
    dialect: z.string().nullable().describe('The dialect whose API set it; null if an operator set it.'),
    createdAt: time.describe('When the app first had a credential of this kind.'),
    updatedAt: time.describe('When it was last set.'),
  })
  .catchall(z.unknown())
  .describe(
    'An app’s credential for a push service, with the members it was set with, except secrets: `endpoint`, for FCM `projectId` and `clientEmail`, for APNs `topic`, `environment`, `keyId` and `teamId` or `notAfter`.',
  )
  .register(named, { id: 'Provider' })

export const ProviderList = z
  .strictObject({ providers: z.array(Provider).describe('The providers, by kind.') })
  .describe('All providers of an app, without secrets.')
  .register(named, { id: 'ProviderList' })
