import type { StaticFile } from '../console/pages.ts'

/** The binding of `[assets]` in wrangler.toml. */
interface Assets {
  fetch(address: string): Promise<Response>
}

/** The files of a folder in the assets; undefined if the Worker was deployed without them. */
export function assetsOf(
  bindings: Readonly<Record<string, unknown>>,
  folder: 'console' | 'docs',
): StaticFile | undefined {
  const { ASSETS: bound } = bindings
  if (typeof bound !== 'object' || bound === null || !('fetch' in bound)) return undefined
  const assets = bound as Assets
  return async (_, name) => {
    // Only the path of the URL is used.
    const answer = await assets.fetch(`https://assets.invalid/${folder}/${name}`)
    if (!answer.ok || !answer.body) return null
    return { body: answer.body, type: answer.headers.get('content-type') ?? 'application/octet-stream' }
  }
}
