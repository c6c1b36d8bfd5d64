import * as z from 'zod'

/** The parts of a JSON Schema that are read here. */
export interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly description?: string
}

export const reference = (id: string): Schema => ({ $ref: `#/components/schemas/${id}` })

/** The schema of the values that callers send, before any transformation. */
export function requestSchema(schema: z.ZodType): Schema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: plainer,
  })
  return rest as Schema
}

/** Leaves out keywords that would say nothing or something misleading. */
export function plainer({ zodSchema, jsonSchema: json }: Override): void {
  // The format says the same; the pattern is very long.
  if (json.format === 'date-time' || json.format === 'date') delete json.pattern
  // JSON Schema patterns have no flags, and apply to the text before it is transformed.
  if (changesText(zodSchema)) delete json.pattern
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  if (JSON.stringify(json.propertyNames) === '{"type":"string"}') delete json.propertyNames
  // A check before the actual schema.
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
