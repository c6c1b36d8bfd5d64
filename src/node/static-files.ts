import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ServedFile, StaticFile } from '../console/pages.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.yml': 'text/yaml; charset=utf-8',
}

interface Read {
  readonly plain: Uint8Array<ArrayBuffer>
  readonly packed: Uint8Array<ArrayBuffer>
}

/** Files built together with the program: the console and the documentation. */
export const builtFiles = (program: string) => ({
  consoleFile: filesOf(new URL('assets/console/', program)),
  docsFile: filesOf(new URL('assets/docs/', program)),
})

/** Serves the files of a folder; each is read and compressed on its first use. */
function filesOf(folder: URL): StaticFile {
  const known = new Map<string, Promise<Read | null>>()

  async function read(name: string): Promise<Read | null> {
    const plain = await readFile(new URL(name, folder)).catch(() => null)
    if (!plain) return null
    return { plain: new Uint8Array(plain), packed: new Uint8Array(await promisify(gzip)(plain)) }
  }

  return async (c, name): Promise<ServedFile | null> => {
    const reading = known.get(name) ?? read(name)
    const found = await reading
    // Missing names are not cached, because their number is unlimited.
    if (!found) return null
    known.set(name, reading)
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    const packs = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
    return packs ? { body: found.packed, type, encoding: 'gzip' } : { body: found.plain, type }
  }
}
