import type { Request } from '../../../src/adapter.ts'
import { DIALECT } from '../provisioning.ts'
import { codesIn } from './devices-filter.ts'

/** Most codes of a filter that are looked up. */
const MOST = 20

/** The applications that a filter may name, with their apps' ids. */
export async function codesOf(c: Request, source: unknown) {
  const named: { readonly code: string; readonly id: string | undefined }[] = []
  for (const code of codesIn(source).slice(0, MOST))
    named.push({ code, id: (await c.get('gateway').apps.find(DIALECT, code))?.app.id })
  return named
}
