import * as z from 'zod'
import { named, time } from './answer.ts'

export const Provider = z
  .object({
    kind: z.string().describe('The push service.'),
    state: z
      .enum(['ok', 'refused'])
      .describe('Whether the service takes the credential, as far as is known; it is asked when one is set.'),
    reason: z
      .string()
      .nullable()
      .describe(
        'The service’s words, where it refuses the credential, or why it could not be asked; null where all is well.',
      ),
    since: time.nullable().describe('Since when the credential is refused; null while it is not.'),
    restingUntil: time
      .nullable()
      .describe('Until when nothing is sent because the service took nothing; null where messages are sent.'),
    dialect: z
      .string()
      .nullable()
      .describe('The dialect from whose own settings it was taken; null where an operator set it.'),
    createdAt: time.describe('When the app first had one of this kind.'),
    updatedAt: time.describe('When it was last set.'),
  })
  .catchall(z.unknown())
  .describe(
    'An app’s credential for a push service, with the members that it was set with but for secrets: `endpoint`, for FCM `projectId` and `clientEmail`, for APNs `topic`, `environment`, `keyId` and `teamId` or `notAfter`.',
  )
  .register(named, { id: 'Provider' })

export const ProviderList = z
  .strictObject({ providers: z.array(Provider).describe('The providers, by kind.') })
  .describe('All providers of an app, without secrets.')
  .register(named, { id: 'ProviderList' })
