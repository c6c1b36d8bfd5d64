import * as z from 'zod'

const text = z.string()
const endpoint = text.nullish()

const apns = {
  kind: z.literal('apns'),
  environment: z.enum(['production', 'sandbox']),
  endpoint: z.union([text, z.strictObject({ production: text, sandbox: text })]).nullish(),
}

/** `PUT /apps/{app}/providers/{kind}`, for documentation and clients; the push services validate more strictly. */
export const PutProvider = z.union([
  z.strictObject({
    kind: z.literal('fcm'),
    serviceAccount: z.looseObject({
      type: z.literal('service_account'),
      project_id: text,
      private_key_id: text,
      private_key: text,
      client_email: text,
      token_uri: text,
    }),
    endpoint,
  }),
  z.strictObject({ ...apns, key: text, keyId: text, teamId: text, topic: text }),
  z.strictObject({ ...apns, certificate: text, passphrase: text, topic: text.nullish() }),
  z.strictObject({ kind: z.literal('webpush'), subject: text.nullish(), endpoint: z.null().optional() }),
  z.strictObject({ kind: z.literal('wns'), packageSid: text, clientSecret: text, endpoint }),
  z.strictObject({ kind: z.literal('hms'), appId: text, clientSecret: text, endpoint }),
  z.strictObject({ kind: z.literal('adm'), clientId: text, clientSecret: text, endpoint }),
])
