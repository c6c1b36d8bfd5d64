import * as z from 'zod'
import { plainer, reference, requestSchema, type Schema } from './json-schema.ts'
import type { Answer, Body, Operation, Reference, Refusal } from './reference.ts'

const JSON_TYPE = 'application/json'

/** The content of docs/openapi/{dialect}.json. */
export const referenceText = (of: Reference, version: string): string =>
  `${JSON.stringify(referenceDocument(of, version), null, 2)}\n`

/** A dialect's API as an OpenAPI 3.1 document. Throws if a path parameter has no description. */
function referenceDocument(of: Reference, version: string) {
  const shared = sharedSchemas(of)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const one of of.operations) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: described(of, one, shared) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `${of.title} in Pushport`,
      version,
      description: [of.description, leftOut(of)].filter(Boolean).join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: '{gateway}',
        variables: {
          gateway: {
            default: 'http://127.0.0.1:8787',
            description: 'The base URL of the gateway, without a trailing slash.',
          },
        },
      },
    ],
    paths,
    components: { schemas: shared.schemas, securitySchemes: of.credentials },
  }
}

const leftOut = ({ left }: Reference): string =>
  left.length === 0
    ? ''
    : `Not described here:\n\n${left.map(({ method, path, why }) => `- \`${method} ${path}\`: ${why}`).join('\n')}`

interface Shared {
  readonly schemas: Readonly<Record<string, Schema>>
  /** The reference to a named schema, or the schema itself. */
  readonly of: (schema: z.ZodType) => Schema
}

function sharedSchemas({ schemas }: Reference): Shared {
  const registry = z.registry<{ id: string }>()
  const names = new Map<z.ZodType, string>()
  for (const [id, schema] of Object.entries(schemas)) {
    registry.add(schema, { id })
    names.set(schema, id)
  }
  const made = z.toJSONSchema(registry, { uri: (id) => String(reference(id).$ref), override: plainer })
  return {
    schemas: Object.fromEntries(
      Object.entries(made.schemas).map(([id, { $id, $schema, ...schema }]) => [id, schema as Schema]),
    ),
    of(schema) {
      const name = names.get(schema)
      if (name !== undefined) return reference(name)
      const { $schema, ...own } = z.toJSONSchema(schema, { unrepresentable: 'any', override: plainer })
      return own as Schema
    },
  }
}

function described(of: Reference, one: Operation, shared: Shared) {
  const { body, also = [], credentials } = one
  const text = [
    one.description,
    also.length > 0 && `Also at ${also.map((path) => `\`${path}\``).join(', ')}.`,
    `Contract: ${one.section}.`,
  ]
  const parameters = [...named(one), ...queried(one.query)]
  return {
    operationId: one.id,
    summary: one.summary,
    description: text.filter(Boolean).join(' '),
    security: credentials.map((name) => ({ [name]: [] })),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          [body.media ?? JSON_TYPE]: {
            schema: requestSchema(body.schema),
            ...bodyExamples(one.summary, body),
          },
        },
      },
    }),
    responses: responses(of, one, shared),
  }
}

/** The example of a body, or one for each form of the call; the keys describe the forms. */
function bodyExamples(summary: string, { example, others }: Body) {
  if (!others) return { example }
  const forms = Object.entries(others).map(([does, of]) => [
    does,
    { ...(of.query && { description: `With \`?${new URLSearchParams(of.query)}\`.` }), value: of.example },
  ])
  return { examples: { [summary]: { value: example }, ...Object.fromEntries(forms) } }
}

/** Described parameters: all of the path, and some others. */
function named({ path, parameters = {} }: Operation) {
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    if (!parameters[name]) throw new Error(`{${name}} of ${path} is not described.`)
  }
  return Object.entries(parameters).map(([name, { is, example, in: where, oneOf, required }]) => ({
    name,
    in: where ?? 'path',
    required: where === undefined || required === true,
    description: is,
    schema: { type: 'string', ...(oneOf && { enum: oneOf }) },
    example,
  }))
}

function queried(query: z.ZodType | undefined) {
  if (!query) return []
  const { properties = {}, required } = requestSchema(query)
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: Array.isArray(required) && required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }))
}

function responses(of: Reference, { answers, errors = [] }: Operation, shared: Shared) {
  const found: Record<number, object> = {}
  const byStatus = new Map<number, (readonly [string, Refusal])[]>()
  for (const name of new Set([...errors, ...of.always])) {
    const fault = of.faults[name]
    if (!fault) throw new Error(`There is no error ${name}.`)
    byStatus.set(fault.status, [...(byStatus.get(fault.status) ?? []), [name, fault]])
  }
  for (const [status, faults] of byStatus) {
    found[status] = refused(faults, shared)
  }
  for (const answer of answers) {
    const refusals = byStatus.get(answer.status) ?? []
    found[answer.status] = refusals.length > 0 ? either(answer, refusals, shared) : response(answer, shared)
  }
  return found
}

const response = ({ is, schema, media = JSON_TYPE, example }: Answer, shared: Shared) => ({
  description: is,
  ...(schema && {
    content: { [media]: { schema: shared.of(schema), ...(example !== undefined && { example }) } },
  }),
})

/** An answer of a vendor that answers some errors with the same status. */
function either(
  { is, schema, example }: Answer,
  faults: readonly (readonly [string, Refusal])[],
  shared: Shared,
) {
  const schemas = [...(schema ? [schema] : []), ...new Set(faults.map(([, of]) => of.schema))].map(shared.of)
  const examples = [...(example === undefined ? [] : [['done', { example }] as const]), ...faults]
  return {
    description: `${is} Errors: ${faults.map(([name]) => `\`${name}\``).join(', ')}`,
    content: {
      [JSON_TYPE]: {
        schema: { anyOf: schemas },
        examples: Object.fromEntries(examples.map(([name, of]) => [name, { value: of.example }])),
      },
    },
  }
}

/** The errors of one status, with an example of each. */
function refused(faults: readonly (readonly [string, Refusal])[], shared: Shared) {
  const [[, first]] = faults as [readonly [string, Refusal]]
  const schemas = [...new Set(faults.map(([, { schema }]) => schema))].map(shared.of)
  return {
    description: faults.map(([name]) => `\`${name}\``).join(', '),
    content: {
      [first.media ?? JSON_TYPE]: {
        schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas },
        examples: Object.fromEntries(faults.map(([name, { example }]) => [name, { value: example }])),
      },
    },
  }
}
