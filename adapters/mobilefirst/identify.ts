import type { Identity, Request } from '../../src/adapter.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { segmentOrNull } from '../../src/wire/path.ts'
import {
  assertionOf,
  credentialsOf,
  formOf,
  object,
  signedRegistration,
  text,
} from './authorization/presented.ts'

const APPLICATION = /\/(?:imfpush\/v1\/apps|az\/v1\/keys)\/([^/]+)/
const CLIENT = /\/(?:registration\/v1\/self|az\/v1\/authorization\/redirect)\/([^/]+)/

/**
 * The application in the path or, at the authorization server, in a registration; otherwise the client, whose
 * application only the database knows. The token is checked later.
 */
export async function identify(c: Request): Promise<Identity | null> {
  const path = c.req.path.replace(/\/+$/, '')
  const application =
    segmentOrNull(APPLICATION.exec(path)?.[1]) ??
    (path.endsWith('/registration/v1/self') ? await registering(c) : null)
  if (application) return { sent: application, by: { name: application } }
  const client = segmentOrNull(CLIENT.exec(path)?.[1]) ?? (await clientOf(c, path))
  return client ? { sent: client } : null
}

const registering = async (c: Request): Promise<string> =>
  text(object((await signedRegistration(c))?.payload.application).id)

async function clientOf(c: Request, path: string): Promise<string | undefined> {
  if (path.endsWith('/preauth/v1/preauthorize')) return text((await readJsonObject(c)).client_id)
  if (path.endsWith('/az/v1/authorization')) return c.req.query('client_id')
  if (path.endsWith('/preauth/v1/heartbeat') || path.endsWith('/preauth/v1/logout')) return asserting(c)
  if (!path.endsWith('/az/v1/token')) return undefined
  const form = await formOf(c)
  return form('grant_type') === 'client_credentials' ? credentialsOf(c, form)?.name : asserting(c)
}

const asserting = async (c: Request): Promise<string> => text((await assertionOf(c))?.payload.sub)
