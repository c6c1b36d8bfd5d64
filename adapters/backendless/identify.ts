import type { Identity, Request } from '../../src/adapter.ts'
import { compactPath, segmentOrNull } from '../../src/wire/path.ts'
import { type Address, APPLICATION_ID, addressOf } from './address.ts'
import { sentCall } from './binary-message.ts'
import { hostName } from './provisioning.ts'

/** The credentials that v3 sends in headers, either HTTP's or a binary message's (section 2). */
export interface Presented {
  readonly applicationId: string | undefined
  readonly secretKey: string | undefined
  readonly applicationType: string | undefined
}

/** The address of a request, not decoded; null for other paths. */
export const sentAddress = (c: Request): Address | null =>
  addressOf(compactPath(c.req.url).slice(1).split('/'))

/** Path, host or headers name the app, by the form of the call (section 2); ids are UUIDs, compared exactly. */
export async function identify(c: Request): Promise<Identity | null> {
  const address = sentAddress(c)
  if (!address) return null
  if (address.form === 'domain') {
    const host = sentHost(c)
    return { sent: host, by: { name: hostName(host) } }
  }
  const { id, key } = address.form === 'path' ? inPath(address) : await inHeaders(c)
  if (!id) return null
  return { sent: id, credential: key ?? undefined, by: APPLICATION_ID.test(id) ? { name: id } : undefined }
}

const inPath = ({ applicationId, apiKey }: Address & { readonly form: 'path' }) => ({
  id: segmentOrNull(applicationId),
  key: segmentOrNull(apiKey),
})

async function inHeaders(c: Request) {
  const { applicationId: id, secretKey: key } = await presented(c)
  return { id, key }
}

/** What a v3 request presents: a binary call has it in its message. Throws for a message that cannot be read. */
export async function presented(c: Request): Promise<Presented> {
  const binary = c.req.method === 'POST' && sentAddress(c)?.rest[0] === 'binary'
  const call = binary ? await sentCall(c) : null
  const header = (name: string) => (call ? call.header(name) : c.req.header(name))
  return {
    applicationId: header('application-id'),
    secretKey: header('secret-key'),
    applicationType: header('application-type'),
  }
}

/** The host name that the caller used, without its port. */
export const sentHost = (c: Request): string =>
  c
    .get('outside')
    .host.toLowerCase()
    .replace(/\.?(:\d+)?$/, '')
