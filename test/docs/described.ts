import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'vitest'
import type { Operation, Reference } from '../../src/reference/reference.ts'
import { createHarness, type Harness } from '../harness/harness.ts'
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
/** A document as a reader of the file has it. */
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
  return (schema: unknown, value: unknown): unknown => {
    const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'))
    const valid = ajv.compile(own)
    return valid(value) ? [] : valid.errors
  }
}

/** A member of a member, by its path with dots. */
const within = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], body)

type Values = Readonly<Record<string, string>>

/** An example with what only this app has, which stands in capitals in the document. */
const withValues = (text: string, values: Values): string =>
  Object.entries(values)
    .filter(([name]) => /^[A-Z0-9_-]{8,}$/.test(name))
    .reduce((filled, [name, value]) => filled.replaceAll(name, value), text)

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
    return new Described(reference, document, h, await tenant.values(app.dialects[reference.dialect] ?? {}))
  }

  call({ path, method }: Operation): Call {
    const call = this.document.paths[path]?.[method.toLowerCase()]
    if (!call) throw new Error(`${method} ${path} is not in the document.`)
    return call
  }

  /** Sends the example after those that it needs, and keeps what later ones need of it. */
  async example(operation: Operation): Promise<Response> {
    for (const id of operation.after ?? []) {
      const before = this.reference.operations.find((one) => one.id === id)
      if (!before) throw new Error(`There is no ${id}.`)
      const answer = await this.example(before)
      expect([id, answer.status]).toEqual([id, before.answers[0]?.status])
      if (!before.gives) continue
      const body: unknown = await answer.json()
      for (const [name, member] of Object.entries(before.gives))
        this.values = { ...this.values, [name]: String(within(body, member)) }
    }
    return this.send(operation, {})
  }

  /** Sends the example with some of it wrong; `nobody`: without a credential, or in the name of an app that is not there. */
  async send(
    operation: Operation,
    wrong: { readonly nobody?: true; readonly body?: string },
  ): Promise<Response> {
    const call = this.call(operation)
    const stranger =
      wrong.nobody && call.security.length === 0 ? TENANTS[this.reference.dialect]?.stranger : {}
    const values = { ...this.values, ...stranger }
    let path = operation.path
    const headers: Record<string, string> = {}
    for (const { name, in: where, example = '' } of call.parameters ?? []) {
      if (where === 'path') path = path.replace(`{${name}}`, encodeURIComponent(values[name] ?? example))
      if (where === 'header') headers[name] = values[name] ?? example
    }
    const [media, content] = Object.entries(call.requestBody?.content ?? {})[0] ?? []
    if (media !== undefined) headers['Content-Type'] = media
    const [credential] = Object.keys(call.security[0] ?? {})
    if (credential !== undefined && !wrong.nobody) this.present(credential, headers)
    const text = typeof content?.example === 'string' ? content.example : JSON.stringify(content?.example)
    const filled = content && withValues(text, values)
    const body = wrong.body ?? filled
    return this.h.request(operation.method, path, { headers, ...(body !== undefined && { body }) })
  }

  private present(name: string, headers: Record<string, string>): void {
    const { type, scheme, name: header = '' } = this.document.components.securitySchemes[name] ?? {}
    const value = this.values[name]
    if (value === undefined) throw new Error(`There is no ${name}.`)
    if (type === 'apiKey') headers[header] = value
    else headers.Authorization = scheme === 'basic' ? `Basic ${btoa(value)}` : `Bearer ${value}`
  }

  /** What an answer has that the document does not say. */
  async undescribed(operation: Operation, answer: Response): Promise<unknown> {
    const described = this.call(operation).responses[String(answer.status)]
    const text = await answer.text()
    if (!described) return `${answer.status} ${text}`
    if (!described.content) return text === '' ? [] : text
    const media = answer.headers.get('Content-Type')?.split(';')[0] ?? ''
    const content = described.content[media]
    if (!content) return `${answer.status} has the type ${media}`
    return this.check(content.schema, /json/.test(media) ? JSON.parse(text) : text)
  }
}
