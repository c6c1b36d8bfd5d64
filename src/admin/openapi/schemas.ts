import * as z from 'zod'
import type { Adapter } from '../../adapter.ts'
import { plainer, reference, requestSchema, type Schema } from '../../reference/json-schema.ts'
import { named } from '../answers/answer.ts'
import { mirrorSchema } from '../schema-mirror.ts'

/** The target of an answer's schema reference. */
export function referenceTo(schema: z.ZodType): Schema {
  const known = named.get(schema)
  if (!known) throw new Error('The schema of an answer has no name.')
  return reference(known.id)
}

/**
 * All answers, by name. A later version may add members to any of them, so readers must ignore unknown
 * members.
 */
export function answerSchemas(): Record<string, Schema> {
  const { schemas } = z.toJSONSchema(named, { uri: (id) => reference(id).$ref as string, override: plainer })
  // Sorted by name, because the registry's order depends on the order in which files were loaded.
  const ordered = Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(ordered.map(([id, { $id, $schema, ...schema }]) => [id, open(schema as Schema)]))
}

/** Removes `additionalProperties: false` on every level. */
function open(schema: Schema): Schema {
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk)
    if (typeof part !== 'object' || part === null) return part
    const entries = Object.entries(part).filter(
      ([name, value]) => !(name === 'additionalProperties' && !value),
    )
    return Object.fromEntries(entries.map(([name, value]) => [name, walk(value)]))
  }
  return walk(schema) as Schema
}

/** The name of a dialect's part of the app document. */
const setupName = (dialect: string): string =>
  `${dialect.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}Setup`

const MIRROR = {
  description: 'How calls are shared with the vendor; see docs/mirror.md. Null removes the mirror.',
}

/** The schema of each adapter's part of the app document, by name. */
export const setupSchemas = (adapters: readonly Adapter[]): Record<string, Schema> =>
  Object.fromEntries(
    adapters.map(({ name, provisioning, capabilities: { mirror } }) => {
      const own = requestSchema(provisioning.schema)
      const shared = mirror && {
        properties: { ...own.properties, mirror: { ...MIRROR, ...requestSchema(mirrorSchema(mirror)) } },
      }
      const description = `The settings of an app for ${name}; see docs/recipes/${name}.md.`
      return [setupName(name), { description, ...own, ...shared }]
    }),
  )

/** The `dialects` of an app document; `removable`: null removes a dialect. */
export const dialectsSchema = (adapters: readonly Adapter[], removable: boolean): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    adapters.map(({ name }) => {
      const setup = reference(setupName(name))
      return [name, removable ? { anyOf: [setup, { type: 'null' }] } : setup]
    }),
  ),
  additionalProperties: false,
})

/**
 * Adds a description to every member, found by its path with dots or its name. Throws if a member has none.
 */
export function described(schema: Schema, texts: Readonly<Record<string, string>>, path = ''): Schema {
  const inside = (part: Schema) => described(part, texts, path)
  const member = (name: string, part: Schema): Schema => {
    const at = path === '' ? name : `${path}.${name}`
    const description = texts[at] ?? texts[name] ?? part.description
    if (description === undefined) throw new Error(`${at} is not described.`)
    return { description, ...(name === 'dialects' ? part : described(part, texts, at)) }
  }
  return {
    ...schema,
    ...(schema.anyOf && { anyOf: schema.anyOf.map(inside) }),
    ...(schema.items && { items: inside(schema.items) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, part]) => [name, member(name, part)]),
      ),
    }),
  }
}
