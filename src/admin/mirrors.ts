import type { Context } from 'hono'
import type { Adapter, AppEnv, Mirroring } from '../adapter.ts'
import type { DialectSetup } from '../domain/app.ts'
import { mirrorOf } from '../domain/mirror.ts'
import type { DialectSetupDraft, MirrorDraft } from '../gateway/directory.ts'
import { invalidAt, parse } from '../wire/check.ts'
import { mirrorSchema } from './schema-mirror.ts'

/** The mirror in an operator's request: null removes it, undefined leaves it. */
export function plannedMirror(
  mirroring: Mirroring,
  given: unknown,
  path: readonly string[],
): MirrorDraft | null | undefined {
  if (given === undefined || given === null) return given
  const { mode, upstream, credentials, ...rest } = parse(mirrorSchema(mirroring), given, path)
  if (mode === 'local' || upstream === undefined) return null
  return { choice: { mode, upstream, ...rest }, credentials }
}

/** A mirror as operators see it: without credentials. */
export function shownMirror(setup: DialectSetup): Readonly<Record<string, unknown>> | undefined {
  const mirror = mirrorOf(setup)
  if (!mirror) return undefined
  const { sealed, ...shown } = mirror
  return shown
}

/** Refuses disallowed addresses, and this gateway's own, where calls would loop. */
export async function requireForeign(
  c: Context<AppEnv>,
  adapters: readonly Adapter[],
  setups: ReadonlyMap<string, DialectSetupDraft | null>,
): Promise<void> {
  for (const [dialect, setup] of setups) {
    const upstream = setup?.mirror?.choice.upstream
    if (upstream === undefined) continue
    const refuse = (why: string) => invalidAt(`dialects.${dialect}.mirror.upstream`, why)
    const url = new URL(upstream)
    if (!c.var.services.outbound.allows(url))
      throw refuse('is a private address; ALLOW_PRIVATE_TARGETS=on allows it')
    const { origin, host } = c.var.outside
    const own = [new URL(origin).host, host, new URL(c.req.url).host]
    if (own.includes(url.host) || (await isBound(c, adapters, url.hostname))) {
      throw refuse('is this gateway itself')
    }
  }
}

/** Whether the host is bound to an app of any dialect. */
async function isBound(c: Context<AppEnv>, adapters: readonly Adapter[], host: string): Promise<boolean> {
  const names = adapters.flatMap(({ name, capabilities: { mirror } }) =>
    mirror?.nameOfHost ? [[name, mirror.nameOfHost(host)] as const] : [],
  )
  const found = await Promise.all(names.map(([dialect, name]) => c.var.gateway.apps.find(dialect, name)))
  return found.some((app) => app !== null)
}
