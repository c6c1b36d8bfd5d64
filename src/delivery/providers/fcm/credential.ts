import { importPKCS8 } from 'jose'
import * as z from 'zod'
import { addressFault, endpoint } from '../../endpoint.ts'
import type { CredentialRules } from '../../provider.ts'

const text = z.string().min(1).max(500)

/** The service account file as downloaded; unused members are dropped. */
const serviceAccount = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z0-9][a-z0-9.:-]{0,99}$/i, 'must be the id of a project'),
  private_key_id: text,
  private_key: z.string().max(10_000).refine(isPrivateKey, 'must be an RSA private key in PEM (PKCS#8)'),
  client_email: text,
  token_uri: text,
})

/** The body of `PUT …/providers/fcm`. */
export const schema = (rules: CredentialRules) =>
  z
    .strictObject({ kind: z.literal('fcm'), serviceAccount, endpoint: endpoint(rules) })
    .superRefine((given, context) => {
      const message = tokenAddressFault(given.serviceAccount.token_uri, given.endpoint, rules)
      if (message !== undefined)
        context.addIssue({ code: 'custom', message, path: ['serviceAccount', 'token_uri'] })
    })

export type Credential = z.output<ReturnType<typeof schema>>

async function isPrivateKey(pem: string): Promise<boolean> {
  try {
    await importPKCS8(pem, 'RS256')
    return true
  } catch {
    return false
  }
}

/**
 * The file names the server to which a signed assertion is sent; with Google's own endpoint, that server must
 * be Google's.
 */
function tokenAddressFault(address: string, base: string | null, rules: CredentialRules): string | undefined {
  const fault = addressFault(address, rules)
  if (fault !== undefined || base !== null) return fault
  const { protocol, hostname } = new URL(address)
  const google = protocol === 'https:' && /(^|\.)(googleapis|google)\.com$/.test(hostname)
  return google ? undefined : "must be one of Google's addresses, unless endpoint is set"
}

export const show = ({ kind, serviceAccount: account, endpoint: base }: Credential) => ({
  kind,
  projectId: account.project_id,
  clientEmail: account.client_email,
  endpoint: base,
})
