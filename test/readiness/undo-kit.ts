import { fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { asked, lines } from './kit.ts'

export const row = (externalId: string, more: object = {}) => ({
  ...{ externalId, platform: 'android', token: fcm(externalId) },
  ...more,
})
export const imported = (office: Office, rows: readonly object[], query = '') =>
  office.import(`format=ndjson&dialect=pushwoosh${query}`, lines(rows))
export const undo = ({ h, app }: Office, id: string, dryRun = false) =>
  asked<Record<string, unknown>>(h, 'POST', `/apps/${app}/imports/${id}/undo?dryRun=${dryRun}`)
export const window = ({ h, app }: Office, body: object) =>
  asked<Record<string, unknown>>(h, 'POST', `/apps/${app}/undos`, body)
export const history = async ({ h, app }: Office, device: unknown) =>
  (
    await asked<{ events: { id: string; kind: string; detail: Record<string, unknown> }[] }>(
      ...[h, 'GET', `/apps/${app}/devices/${device}/events`],
    )
  ).body.events
export const eventOf = async (office: Office, device: unknown, kind: string) =>
  (await history(office, device)).find((event) => event.kind === kind)?.id
export const takeBack = ({ h, app }: Office, event: unknown, query = '') =>
  asked<Record<string, unknown>>(h, 'POST', `/apps/${app}/events/${event}/undo?${query}`)
export const stats = async ({ h, app }: Office) => h.gateway.directory.stats(app)
/** The app's only dialect, as its calls have it. */
export const dialect = async ({ h, app }: Office) => {
  const record = await h.gateway.directory.app(app)
  const [setup] = record.dialects
  if (!setup) throw new Error('no dialect')
  return { ...setup, app: record, credentials: [] }
}
/** The device that `later` is about. */
export const phone = async (office: Office) => (await office.devices()).get('phone')
/** A call of the device `phone`, a second later. */
export const later = (office: Office, more: Omit<Parameters<typeof call>[1], 'id'>) => {
  office.h.clock.advance(1000)
  return call(office, { id: 'phone', ...more })
}
/** Registers devices one after the other, each of which replaces the one before, since it looks like it. */
export async function replaceAlike(office: Office, externalIds: readonly string[]) {
  const app = await dialect(office)
  for (const externalId of externalIds) {
    const patch = { name: 'Annas', model: 'Pixel', user: { id: 'anna', proved: false } }
    const ref = { app, externalId, identity: 'key' as const, platform: 'android' as const, cause: 'test' }
    const pushToken = { provider: 'fcm' as const, token: fcm(externalId) }
    await office.h.gateway.devices.register({ ...ref, patch, pushToken, replacesAlike: true })
  }
  return app
}
