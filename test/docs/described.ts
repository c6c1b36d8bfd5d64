import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'vitest'
import type { Operation, OtherForm, Reference } from '../../src/reference/reference.ts'
import { createHarness, type Harness } from '../harness/harness.ts'
import { plainMessage } from './remoting.ts'
import { TENANTS } from './tenants.ts'

interface Media {
  readonly schema?: unknown
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}
interface Call {
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly example?: string
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>
}
/** A document as a reader of the file sees it. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { type: string; scheme?: string; name?: string }>>
  }
}

/** Checks values against the schemas of a document. */
export function checker(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema({ $id: 'document', ...document })
  const compiled = new Map<unknown, ValidateFunction>()
  return (schema: unknown, value: unknown): unknown => {
    const known = compiled.get(schema)
    const valid = known ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')))
    compiled.set(schema, valid)
    return valid(value) ? [] : valid.errors
  }
}

/** A nested member, by its path with dots. */
const within = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], body)

type Values = Readonly<Record<string, string>>

/** An example with this app's own values, which are in capitals in the document. */
const withValues = (text: string, values: Values): string =>
  Object.entries(values)
    .filter(([name]) => /^([A-Z0-9_-]{8,}|[a-z]+(\.[a-z]+){2,})$/.test(name))
    .reduce((filled, [name, value]) => filled.replaceAll(name, value), text)

const pathOf = (path: string, query: URLSearchParams): string => (query.size > 0 ? `${path}?${query}` : path)

const AMF = 'application/x-amf'
const fromBinary = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0))

/** A body encoded as its media type requires, with the complete content type. */
async function encode(media: string, example: unknown, values: Values): Promise<Encoded> {
  if (media === 'multipart/form-data') {
    const form = new Response(formData(example as Values, values))
    // A form's content type names its boundary.
    return {
      type: form.headers.get('Content-Type') ?? media,
      body: new Uint8Array(await form.arrayBuffer()),
    }
  }
  if (media === 'application/x-www-form-urlencoded') {
    const filled = Object.entries(example as Values).map(([name, text]) => [name, withValues(text, values)])
    return { type: media, body: String(new URLSearchParams(Object.fromEntries(filled))) }
  }
  const text = typeof example === 'string' ? example : JSON.stringify(example)
  // Values in a packet have the same length as their placeholders.
  if (media === AMF) return { type: media, body: fromBinary(withValues(atob(text), values)) }
  return { type: media, body: withValues(text, values) }
}
interface Encoded {
  readonly type: string
  readonly body: string | Uint8Array
}

/** A member that represents a file is sent as one. */
function formData(example: Values, values: Values): FormData {
  const form = new FormData()
  for (const [name, text] of Object.entries(example)) {
    const file = values[text]
    if (file === undefined) form.set(name, text)
    else form.set(name, new File([fromBinary(atob(file))], `${name}.p12`))
  }
  return form
}

/** The description of a body; the others belong to the body's schema. */
const OF_BODIES: ReadonlySet<string> = new Set(['bad_body', 'bad_media_type', 'invalid', 'too_large'])

interface Wrong {
  readonly nobody?: true
  /** Instead of the example, as it is sent. */
  readonly body?: string
  /** Instead of the example. */
  readonly example?: unknown
  readonly query?: Values
}

/** An app of the dialect, and the calls of its description with their examples. */
export class Described {
  private readonly check
  private readonly reference: Reference
  private readonly document: Document
  private readonly h: Harness
  private values: Values

  private constructor(reference: Reference, document: Document, h: Harness, values: Values) {
    this.reference = reference
    this.document = document
    this.h = h
    this.values = values
    this.check = checker(document)
  }

  static async open(reference: Reference, document: Document): Promise<Described> {
    const tenant = TENANTS[reference.dialect]
    if (!tenant) throw new Error(`There is no app for ${reference.dialect}.`)
    const h = await createHarness({ dialect: reference.dialect })
    const app = await h.createApp({ [reference.dialect]: tenant.setup })
    const own = await tenant.values(app.dialects[reference.dialect] ?? {}, h)
    return new Described(reference, document, h, own)
  }

  call({ path, method }: Operation): Call {
    const call = this.document.paths[path]?.[method.toLowerCase()]
    if (!call) throw new Error(`${method} ${path} is not in the document.`)
    return call
  }

  /** Sends the example after those that it needs, and keeps the values that later ones need. */
  async example(operation: Operation): Promise<Response> {
    await this.before(operation.after)
    return this.send(operation, {})
  }

  /** Sends another form of a call after those that it needs. */
  async other(operation: Operation, { example, query, after, nobody }: OtherForm): Promise<Response> {
    await this.before(after ?? operation.after)
    return this.send(operation, { example, ...(query && { query }), ...(nobody && { nobody }) })
  }

  /** Sends examples, in their order. */
  async before(ids: readonly string[] = []): Promise<void> {
    for (const id of ids) {
      const operation = this.reference.operations.find((one) => one.id === id)
      if (!operation) throw new Error(`There is no ${id}.`)
      const answer = await this.example(operation)
      expect([id, answer.status]).toEqual([id, operation.answers[0]?.status])
      if (!operation.gives) continue
      const text = await answer.text()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const given = Object.entries(operation.gives).map(([name, from]) => [
        name,
        String(from.startsWith('@') ? answer.headers.get(from.slice(1)) : within(body, from)),
      ])
      this.values = { ...this.values, ...Object.fromEntries(given) }
      const { learn } = TENANTS[this.reference.dialect] ?? {}
      if (learn) this.values = await learn(this.values)
    }
  }

  /**
   * Sends the example with some invalid parts; `nobody`: without a credential, or for an app that does not
   * exist.
   */
  async send(operation: Operation, wrong: Wrong): Promise<Response> {
    const call = this.call(operation)
    const stranger =
      wrong.nobody && call.security.length === 0 ? TENANTS[this.reference.dialect]?.stranger : {}
    const values = { ...this.values, ...stranger }
    let path = operation.path
    const headers: Record<string, string> = {}
    const query = new URLSearchParams()
    for (const { name, in: where, example = '' } of call.parameters ?? []) {
      const value = values[name] ?? values[example] ?? example
      if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
      if (where === 'header') headers[name] = value
      if (where === 'query' && value !== '') query.set(name, value)
    }
    for (const [name, value] of Object.entries(wrong.query ?? {})) query.set(name, value)
    const [media, content] = Object.entries(call.requestBody?.content ?? {})[0] ?? []
    const [credential] = Object.keys(call.security[0] ?? {})
    if (credential !== undefined && !wrong.nobody) this.present(credential, headers)
    if (media !== undefined && content) {
      const { example = Object.values(content.examples ?? {})[0]?.value } = { ...content, ...wrong }
      const { type, body } = await encode(media, example, values)
      headers['Content-Type'] = wrong.body === undefined ? type : media
      return this.h.request(operation.method, pathOf(path, query), { headers, body: wrong.body ?? body })
    }
    return this.h.request(operation.method, pathOf(path, query), { headers })
  }

  /** Whether the document's schema accepts a body. */
  takes(operation: Operation, body: unknown): boolean {
    const [{ schema } = {}] = Object.values(this.call(operation).requestBody?.content ?? {})
    return JSON.stringify(this.check(schema, body)) === '[]'
  }

  /** Whether the gateway accepts a body, whatever else is wrong with the call; null if it fails. */
  async taken(operation: Operation, body: unknown, query: Values = {}): Promise<boolean | null> {
    // JSON is sent as text, so that a body that is a string is JSON, too.
    const example = operation.body?.media === undefined ? JSON.stringify(body) : body
    const answer = await this.send(operation, { example, query })
    if (answer.status >= 500) return null
    const { code } = this.h.log.at(-1) ?? {}
    return code === undefined || !OF_BODIES.has(code)
  }

  private present(name: string, headers: Record<string, string>): void {
    const { type, scheme, name: header = '' } = this.document.components.securitySchemes[name] ?? {}
    const value = this.values[name]
    if (value === undefined) throw new Error(`There is no ${name}.`)
    if (type === 'apiKey') headers[header] = value
    else headers.Authorization = scheme === 'basic' ? `Basic ${btoa(value)}` : `Bearer ${value}`
  }

  /** Members of an answer that the document does not describe. */
  async undescribed(operation: Operation, answer: Response): Promise<unknown> {
    const described = this.call(operation).responses[String(answer.status)]
    const packet = described?.content?.[AMF]
    if (packet && answer.headers.get('Content-Type') === AMF) {
      const { contentSchema } = packet.schema as { readonly contentSchema: unknown }
      return this.check(contentSchema, plainMessage(new Uint8Array(await answer.arrayBuffer())))
    }
    const text = await answer.text()
    if (!described) return `${answer.status} ${text}`
    if (!described.content) return text === '' ? [] : text
    const media = answer.headers.get('Content-Type')?.split(';')[0] ?? ''
    const content = described.content[media]
    if (!content) return `${answer.status} has the type ${media}`
    return this.check(content.schema, /json/.test(media) ? JSON.parse(text) : text)
  }
}
