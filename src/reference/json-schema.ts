import * as z from 'zod'

/** A JSON Schema, as far as it is looked into. */
export interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly description?: string
}

export const reference = (id: string): Schema => ({ $ref: `#/components/schemas/${id}` })

/** What a request has to hold. */
export function requestSchema(schema: z.ZodType): Schema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: plainer,
  })
  return rest as Schema
}

/** Leaves out what would say nothing, or something else than is meant. */
export function plainer({ zodSchema, jsonSchema: json }: Override): void {
  // The format says it; the pattern is a screen wide.
  if (json.format === 'date-time' || json.format === 'date') delete json.pattern
  // A pattern has no flags there, and is held against the text before it is changed.
  if (changesText(zodSchema)) delete json.pattern
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  if (JSON.stringify(json.propertyNames) === '{"type":"string"}') delete json.propertyNames
  // A check in front of the real schema.
  const { def } = zodSchema._zod
  if (def.type === 'pipe' && def.in._zod.def.type === 'unknown')
    Object.assign(json, requestSchema(def.out as z.ZodType))
}
type Override = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0]

function changesText({ _zod: { def } }: z.core.$ZodType): boolean {
  if ('innerType' in def) return changesText(def.innerType as z.core.$ZodType)
  return (def.checks ?? []).some(({ _zod: { def: of } }) => {
    const flags = 'pattern' in of && of.pattern instanceof RegExp ? of.pattern.flags : ''
    return of.check === 'overwrite' || flags.includes('i')
  })
}
