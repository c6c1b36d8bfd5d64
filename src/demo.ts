import type { Adapter } from './adapter.ts'
import { appDocuments } from './admin/documents.ts'
import type { Gateway } from './gateway/gateway.ts'

/**
 * On an empty store: an app that speaks every dialect with generated keys, and the commands that register a device
 * through each. Null where there is an app already.
 */
export async function createDemo(
  gateway: Gateway,
  adapters: readonly Adapter[],
  origin: string,
): Promise<string | null> {
  if (!(await gateway.directory.isEmpty())) return null
  const documents = appDocuments(adapters)
  const { setups, generated } = documents.plan(Object.fromEntries(adapters.map(({ name }) => [name, {}])))
  const app = await gateway.directory.createApp({ name: 'demo', dialects: setups })
  const shown = documents.present(app, generated)
  const commands = adapters.flatMap(({ name, example }) => {
    const document = shown.dialects[name]
    return document ? [`# ${name}`, example(document, origin), ''] : []
  })
  return [`A demo app was created (${app.id}). Register a device in any dialect:`, '', ...commands].join('\n')
}
