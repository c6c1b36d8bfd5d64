import * as z from 'zod'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'

const secretOnce = 'It contains a secret only if this call generated it; it is not shown again.'

const days = count.nullable()

export const App = z
  .strictObject({
    id: z.string().describe('The app’s id, for the path of every other call.'),
    name: z.string().describe('The name shown to operators; it has no other meaning.'),
    dialects: z
      .record(z.string(), openDocument)
      .describe(`The app’s dialects by name, each with its own identifiers and options. ${secretOnce}`),
    vapid: z
      .strictObject({
        publicKey: z
          .string()
          .describe(
            'The P-256 public key that browsers subscribe with: 65 bytes uncompressed, in base64url.',
          ),
        subject: z.string().describe('The contact given to push services: a mailto: or https: address.'),
      })
      .describe('The app’s key for web push (RFC 8292). The private key is never shown.'),
    settings: z
      .strictObject({
        carryOver: z
          .boolean()
          .describe('Whether a phone’s topics are copied when it first registers through another dialect.'),
      })
      .describe('The app’s settings.'),
    limits: z
      .strictObject({
        devices: count.nullable().describe('The maximum number of devices in use; null for no limit.'),
        devicesPerUser: count
          .nullable()
          .describe('The maximum number of devices of one user in one dialect; null for no limit.'),
      })
      .describe('The limits on the number of devices.'),
    retention: z
      .strictObject({
        events: days.describe('Days to keep the history of devices; null for the gateway’s setting.'),
        receipts: days.describe('Days to keep reports about messages; null for the gateway’s setting.'),
        messages: days.describe('Days to keep finished messages; null for the gateway’s setting.'),
        inactiveDevices: days.describe(
          'Days without a call after which a device is removed; null for never.',
        ),
      })
      .describe('How long data is kept.'),
    createdAt: time.describe('When the app was created.'),
    updatedAt: time.describe('When the app was last changed.'),
  })
  .describe('An app: the tenant that devices belong to.')
  .register(named, { id: 'App' })

export const AppPage = z
  .strictObject({ apps: z.array(App).describe('The apps, newest first.'), nextCursor })
  .describe('A page of apps.')
  .register(named, { id: 'AppPage' })

export const Would = z
  .strictObject({
    would: z
      .record(z.string(), count)
      .describe(
        'How many items of each kind would be deleted, such as `devices` or `receipts`. Counting stops at a limit for each kind, 100,000 at most.',
      ),
  })
  .describe('What a destructive call would delete; the answer to `dryRun=true`.')
  .register(named, { id: 'Would' })

export const Credential = z
  .strictObject({
    id: z.string().describe('The credential’s id.'),
    dialect,
    kind: z.string().describe('The kind of credential in its dialect, such as `apiKey` or `client`.'),
    name: z
      .string()
      .nullable()
      .describe('The public half of a pair, such as an OAuth client id; null if there is none.'),
    scopes: z
      .array(z.string())
      .describe('Its permissions, as the dialect names them; empty if the dialect has no scopes.'),
    hint: z
      .string()
      .nullable()
      .describe('The last characters of the secret; null if the secret is too short to show them safely.'),
    createdAt: time.describe('When it was added.'),
    lastUsedAt: time.nullable().describe('When it was last used, accurate to about an hour; null if never.'),
    secret: z.string().optional().describe('The secret, if this call generated it; it is not shown again.'),
  })
  .describe('A secret that authenticates server calls to an app in one dialect.')
  .register(named, { id: 'Credential' })

export const CredentialList = z
  .strictObject({ credentials: z.array(Credential).describe('The valid credentials of all dialects.') })
  .describe('All credentials of an app, without their secrets.')
  .register(named, { id: 'CredentialList' })
