import type { Adapter } from '../adapter.ts'
import type { AdminClient } from './client.ts'

export interface DemoDeps {
  readonly adapters: readonly Adapter[]
  readonly admin: AdminClient
  /** The gateway's address in the printed commands. */
  readonly origin: string
}

/** The same token in every dialect, so that the registrations belong to one phone. */
const TOKEN = 'example-fcm-token'

/**
 * On an empty store, creates an app with every dialect and generated keys, and returns the commands that register the
 * same phone through each dialect and show it. Null if there already is an app.
 */
export async function createDemo({ adapters, admin, origin }: DemoDeps): Promise<string | null> {
  const { apps } = await answer(await admin.apps.$get({ query: { limit: '1' } }))
  if (apps.length > 0) return null
  const dialects = Object.fromEntries(adapters.map(({ name }) => [name, {}]))
  const app = await answer(await admin.apps.$post({ json: { name: 'demo', dialects } }))
  const commands = adapters.flatMap(({ name, example }) => {
    const document = app.dialects[name]
    return document ? [`# ${name}`, example(document, origin, TOKEN), ''] : []
  })
  return [
    `A demo app was created (${app.id}). Each command registers the same phone in one dialect:`,
    '',
    ...commands,
    `# See it: ${adapters.length} devices, 1 phone`,
    `curl -s ${origin}/admin/v1/apps/${app.id}/installations -H "Authorization: Bearer $ADMIN_TOKEN"`,
    '',
  ].join('\n')
}

/** The body of an answer. Throws for a problem. */
async function answer<T>(
  response: Pick<Response, 'ok' | 'status' | 'text'> & { json(): Promise<T> },
): Promise<T> {
  if (!response.ok) throw new Error(`the admin API answered ${response.status}: ${await response.text()}`)
  return response.json()
}
