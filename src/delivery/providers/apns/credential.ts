import { importPKCS8 } from 'jose'
import * as z from 'zod'
import { fromBase64Url } from '../../../domain/encoding.ts'
import { readApnsCertificate } from '../../../secrets/apns-certificate.ts'
import { chosen } from '../../chosen.ts'
import { address, endpoint } from '../../endpoint.ts'
import type { CredentialRules } from '../../provider.ts'

/** The environments to which an app's tokens may belong. */
export const PLACES = ['production', 'sandbox'] as const
export type Place = (typeof PLACES)[number]

interface Common {
  readonly kind: 'apns'
  /** The environment of tokens whose environment is unknown. */
  readonly environment: Place
  readonly topic: string
  /** One base URL for both environments, one for each, or null for Apple's. */
  readonly endpoint: string | Readonly<Record<Place, string>> | null
}

/** A key of the developer's account (.p8). */
export interface KeyCredential extends Common {
  readonly key: string
  readonly keyId: string
  readonly teamId: string
}

/** A client certificate (.p12), decrypted. Contains JSON values only, as it is stored. */
export interface CertificateCredential extends Common {
  readonly certificate: {
    readonly chain: string
    readonly key: string
    readonly notAfter: string
    readonly places: readonly Place[]
  }
}

export type Credential = KeyCredential | CertificateCredential

/** Apple's key and team ids. */
const appleId = z.string().regex(/^[A-Z0-9]{10}$/, 'must be 10 capital letters and digits')
const topic = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/, 'must be the bundle id of the app')
/** Most base64 characters of a file; exports have some thousands. */
const MOST_CERTIFICATE = 256 * 1024

const isObject = (given: unknown): given is object => typeof given === 'object' && given !== null

/** The body of `PUT …/providers/apns`. */
export const schema = (rules: CredentialRules) =>
  chosen<Credential>((given) =>
    isObject(given) && 'certificate' in given ? withCertificate(rules) : withKey(rules),
  )

function common(rules: CredentialRules) {
  const each = z.strictObject({ production: address(rules), sandbox: address(rules) })
  return {
    kind: z.literal('apns'),
    environment: z.enum(PLACES),
    endpoint: chosen<Common['endpoint']>((given) => (isObject(given) ? each : endpoint(rules))),
  }
}

const withKey = (rules: CredentialRules) =>
  z.strictObject({
    ...common(rules),
    key: z.string().trim().max(10_000).refine(isSigningKey, 'must be the text of a key file (.p8)'),
    keyId: appleId,
    teamId: appleId,
    topic,
  })

async function isSigningKey(pem: string): Promise<boolean> {
  try {
    await importPKCS8(pem, 'ES256')
    return true
  } catch {
    return false
  }
}

const withCertificate = (rules: CredentialRules) =>
  z
    .strictObject({
      ...common(rules),
      certificate: z.string().max(MOST_CERTIFICATE),
      passphrase: z.string().max(1000),
      topic: topic.nullish(),
    })
    .transform(async ({ certificate, passphrase, ...given }, context): Promise<CertificateCredential> => {
      const refuse = (member: string, message: string) => {
        context.issues.push({ code: 'custom', message, path: [member], input: undefined })
        return z.NEVER
      }
      if (!rules.certificates)
        return refuse('certificate', 'needs Pushport on Node: give a key (.p8) instead')
      const file = fromBase64Url(certificate.replace(/\s+/g, ''))
      const opened = file && (await readApnsCertificate(file, passphrase))
      if (!opened) return refuse('certificate', 'must be a PKCS#12 file (.p12) that the passphrase opens')
      if (opened.validUntil <= (rules.now?.() ?? new Date()))
        return refuse('certificate', `expired on ${opened.validUntil.toISOString()}`)
      const named = given.topic ?? topic.safeParse(opened.topic).data
      if (named === undefined) return refuse('topic', 'is not in the certificate')
      const { chain, key, validUntil, environments } = opened
      const notAfter = validUntil.toISOString()
      const places = environments.length > 0 ? environments : PLACES
      return { ...given, topic: named, certificate: { chain, key, notAfter, places } }
    })

/** A key is valid in both environments, as far as is known; a certificate in those that it names. */
export const placesOf = (credential: Credential): readonly Place[] =>
  'certificate' in credential ? credential.certificate.places : PLACES

export function show(credential: Credential): Readonly<Record<string, unknown>> {
  const { kind, environment, endpoint: base } = credential
  const shown = { kind, topic: credential.topic, environment, endpoint: base }
  if ('certificate' in credential) return { ...shown, notAfter: credential.certificate.notAfter }
  return { ...shown, keyId: credential.keyId, teamId: credential.teamId }
}
