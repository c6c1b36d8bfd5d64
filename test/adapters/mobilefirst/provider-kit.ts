import { expect } from 'vitest'
import { pkcs12 } from './certificates.ts'
import type { Tenant } from './kit.ts'

export const bundle = 'com.example.shop'

/** Stores an APNs certificate through the dialect's own call. */
export async function upload(t: Tenant, of: Parameters<typeof pkcs12>[0], isSandBox = 'false') {
  const form = new FormData()
  form.append('certificate', new File([pkcs12(of)], 'apns.p12'))
  form.append('password', 'pässword')
  form.append('isSandBox', isSandBox)
  const body = new Response(form)
  const headers = { 'Content-Type': body.headers.get('content-type') ?? '' }
  const sent = { body: new Uint8Array(await body.arrayBuffer()), headers }
  const answer = await t.send('PUT', '/settings/apnsConf', sent)
  await t.h.settled()
  expect(answer.status).toBe(200)
}

export interface Shown {
  readonly kind: string
}
/** The app's providers, as operators see them. */
export const listed = async (t: Tenant) =>
  (await (await t.h.admin('GET', `/apps/${t.id}/providers`)).json<{ providers: readonly Shown[] }>())
    .providers
export const put = (t: Tenant, document: Shown) =>
  t.h.admin('PUT', `/apps/${t.id}/providers/${document.kind}`, document)
