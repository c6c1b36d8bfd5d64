import type { Adapter, SecretPlan, SecretRequest, ShownSecret } from '../adapter.ts'
import type { AppRecord } from '../domain/app.ts'
import { GatewayError, type Issue } from '../domain/error.ts'
import type { DialectSetupDraft } from '../gateway/directory.ts'
import { parse } from '../wire/check.ts'
import { mapOf } from '../wire/json.ts'
import { plannedMirror } from './mirrors.ts'
import { presentApp } from './present.ts'

/** Secrets generated for a request, by dialect; shown only once. */
export type Generated = ReadonlyMap<string, readonly ShownSecret[]>

export type AppDocuments = ReturnType<typeof appDocuments>

/** Handles app documents; the adapters interpret their dialects' parts. */
export function appDocuments(adapters: readonly Adapter[]) {
  const provisioningOf = (dialect: string) => adapters.find((one) => one.name === dialect)?.provisioning

  /** Splits a dialect's part into the mirror and the members that the adapter interprets. */
  function parted(dialect: string, part: unknown, path: readonly string[]) {
    const mirroring = adapters.find((one) => one.name === dialect)?.capabilities.mirror
    const members = mapOf(part)
    if (!mirroring || !members || !Object.hasOwn(members, 'mirror')) return { own: members ?? part }
    const { mirror, ...own } = members
    return { own, mirror: plannedMirror(mirroring, mirror, [...path, 'mirror']) }
  }

  function known(dialect: string, path: string) {
    const found = provisioningOf(dialect)
    if (found) return found
    const names = adapters.map((one) => one.name).join(', ')
    const issue: Issue = { path, message: `unknown dialect; use ${names}` }
    throw new GatewayError('invalid', `${path}: ${issue.message}`, { at: path, issues: [issue] })
  }

  return {
    /**
     * Completes the dialects' parts of a request. In a change, null removes a dialect. Throws `invalid` with every invalid
     * member of the first invalid part.
     */
    plan<Part>(parts: Readonly<Record<string, Part>>, app?: AppRecord) {
      const setups = new Map<string, DialectSetupDraft | null>()
      const generated = new Map<string, readonly ShownSecret[]>()
      for (const [dialect, part] of Object.entries(parts)) {
        const path = ['dialects', dialect]
        const provisioning = known(dialect, path.join('.'))
        if (part === null && app) {
          setups.set(dialect, null)
          continue
        }
        const setup = app?.dialects.find((one) => one.dialect === dialect)
        const { own, mirror } = parted(dialect, part, path)
        const plan = provisioning.plan(parse(provisioning.schema, own, path), setup)
        setups.set(dialect, mirror === undefined ? plan : { ...plan, mirror })
        generated.set(dialect, plan.secrets.filter((one) => one.generated).map(shown))
      }
      return { setups: setups as ReadonlyMap<string, DialectSetupDraft>, generated: generated as Generated }
    },

    /** Plans an additional secret. Throws `invalid` for an unknown dialect or kind. */
    secret: (dialect: string, request: SecretRequest): SecretPlan =>
      known(dialect, 'dialect').secret(request),

    present: (app: AppRecord, generated?: Generated) =>
      presentApp(app, provisioningOf, (dialect) => generated?.get(dialect) ?? []),
  }
}

const shown = (plan: SecretPlan): ShownSecret => ({
  kind: plan.kind,
  name: plan.name ?? null,
  scopes: plan.scopes ?? [],
  secret: plan.secret,
})
