import type { Comparison, Rule } from '../domain/comparison.ts'
import type { Difference, DifferenceKind, Severity } from '../domain/mirror-report.ts'
import { sha256Hex } from '../secrets/hash.ts'
import { isObject, type Json } from '../wire/json.ts'
import { timeForm } from './times.ts'

/** The parts of one side's answer that are compared. */
export interface Seen {
  readonly status: number
  /** The media type, without parameters. */
  readonly type: string | null
  /** The scheme of `WWW-Authenticate`. */
  readonly challenge: string | null
  readonly retryAfter: boolean
  /** Undefined if there is no body. */
  readonly body: unknown
}

const SEVERITY: Readonly<Record<DifferenceKind, Severity>> = {
  ...{ status: 'major', type: 'major', missing: 'major', form: 'major' },
  ...{ value: 'minor', extra: 'info', header: 'info', order: 'info' },
}
/** Most differences that are reported per call. */
const MOST = 50

/** The differences between two answers, by the rules of their dialect. */
export function differencesOf(ours: Seen, vendor: Seen, rules: Comparison): readonly Difference[] {
  const found: Difference[] = []
  if (ours.status !== vendor.status)
    found.push({ path: 'status', kind: 'status', ours: ours.status, vendor: vendor.status })
  else new Walk(rules, found).compare('', ours.body, vendor.body)
  for (const [path, one, other] of [
    ['headers.content-type', ours.type, vendor.type],
    ['headers.www-authenticate', ours.challenge, vendor.challenge],
    ['headers.retry-after', ours.retryAfter, vendor.retryAfter],
  ] as const) {
    if (one !== other) found.push({ path, kind: 'header', ours: one, vendor: other })
  }
  return found.slice(0, MOST).map((one) => declared(one, rules))
}

function declared(one: Difference, { declared = [] }: Comparison): Difference {
  const rule = declared.find(({ path }) => matches(path, one.path))
  return rule ? { ...one, declared: rule.reason } : one
}

/** The most serious of the differences; intentional ones are not faults. */
export function severityOf(differences: readonly Difference[]): Severity {
  const all = differences.map((one) => (one.declared === undefined ? SEVERITY[one.kind] : 'info'))
  return all.includes('major') ? 'major' : all.includes('minor') ? 'minor' : 'info'
}

/** A key that is the same for all calls that differ in the same way. */
export function signatureOf(dialect: string, route: string, differences: readonly Difference[]): string {
  const places = differences.map(({ path, kind, ours, vendor }) =>
    [path, kind, typeOf(ours), typeOf(vendor)].join(' '),
  )
  return sha256Hex(JSON.stringify([dialect, route, [...new Set(places)].sort()])).slice(0, 16)
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/** Whether a rule's path matches a position; a rule may omit the beginning of the path. */
const matches = (rule: string, path: string): boolean =>
  path === rule || path.endsWith(`.${rule}`) || (rule.startsWith('*.') && path.endsWith(rule.slice(1)))

class Walk {
  readonly #rules: Comparison
  readonly #found: Difference[]
  readonly #ours = new Map<unknown, number>()
  readonly #vendor = new Map<unknown, number>()

  constructor(rules: Comparison, found: Difference[]) {
    this.#rules = rules
    this.#found = found
  }

  #in(rules: readonly Rule[] | undefined, path: string): boolean {
    return rules?.some((rule) => matches(rule.path, path)) ?? false
  }

  #note(path: string, kind: DifferenceKind, ours: unknown, vendor: unknown): void {
    this.#found.push({ path: path === '' ? 'body' : path, kind, ours, vendor })
  }

  compare(path: string, ours: unknown, vendor: unknown): void {
    const { ignored, loose, texts, ids } = this.#rules
    if (ours === vendor || this.#in(ignored, path)) return
    if ((ours ?? null) === (vendor ?? null) && this.#in(loose, path)) return
    const text = typeof ours === typeof vendor && (ours === '') === (vendor === '')
    if (ours === undefined) this.#note(path, 'missing', ours, vendor)
    else if (vendor === undefined) this.#note(path, 'extra', ours, vendor)
    else if (text && this.#in(texts, path)) return
    else if (Array.isArray(ours) && Array.isArray(vendor)) this.#lists(path, ours, vendor)
    else if (isObject(ours) && isObject(vendor)) this.#objects(path, ours, vendor)
    else if (typeOf(ours) !== typeOf(vendor)) this.#note(path, 'type', ours, vendor)
    else if (this.#in(ids, path)) this.#ids(path, ours, vendor)
    else this.#values(path, ours, vendor)
  }

  #values(path: string, ours: unknown, vendor: unknown): void {
    const [form, other] = [timeForm(ours), timeForm(vendor)]
    const times = form !== null && other !== null
    if (!times) this.#note(path, 'value', ours, vendor)
    else if (form !== other) this.#note(path, 'form', ours, vendor)
  }

  #ids(path: string, ours: unknown, vendor: unknown): void {
    const place = (of: Map<unknown, number>, id: unknown) => {
      const known = of.get(id) ?? of.size
      of.set(id, known)
      return known
    }
    if (place(this.#ours, ours) !== place(this.#vendor, vendor)) this.#note(path, 'value', ours, vendor)
  }

  #objects(path: string, ours: Json, vendor: Json): void {
    const free = this.#in(this.#rules.maps, path)
    for (const name of new Set([...Object.keys(vendor), ...Object.keys(ours)])) {
      const at = free ? '*' : name
      this.compare(path === '' ? at : `${path}.${at}`, own(ours, name), own(vendor, name))
    }
  }

  #lists(path: string, ours: readonly unknown[], vendor: readonly unknown[]): void {
    const set = this.#in(this.#rules.sets, path)
    if (ours.length !== vendor.length) {
      this.#note(path, 'value', ours, vendor)
      return
    }
    const [one, other] = set ? [sorted(ours), sorted(vendor)] : [ours, vendor]
    const before = this.#found.length
    for (const [at, value] of one.entries()) this.compare(`${path}[*]`, value, other[at])
    const moved = set && ours.some((value, at) => JSON.stringify(value) !== JSON.stringify(vendor[at]))
    const same = JSON.stringify(one) === JSON.stringify(other)
    if (moved && same && this.#found.length === before) this.#note(path, 'order', ours, vendor)
  }
}

const own = (of: Json, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)

const sorted = (list: readonly unknown[]): readonly unknown[] =>
  [...list].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
