import type { Format, RawRow } from '../src/transfer/format.ts'
import { isObject, type Json } from '../src/transfer/text/json.ts'

const FIELDS = { token: 'deviceToken', userId: 'alias', topics: 'categories' }

/** The installations of a variant of AeroGear UnifiedPush, which all have one platform. */
export const ups: Format = {
  name: 'ups-json',
  shape: 'pages',
  lists: [],
  bare: 'installations',
  foreign: true,
  requires: 'platform',
  read:
    ({ options: { platform } }) =>
    ({ value, fault }) =>
      fault || !isObject(value) ? { fault: fault ?? 'not_object' } : { ...rowOf(value), platform },
}

function rowOf({ deviceToken, alias, categories, enabled, osVersion }: Json): RawRow {
  const named = Array.isArray(categories)
    ? categories.map((one: unknown) => (isObject(one) ? one.name : one))
    : categories
  return {
    token: deviceToken,
    userId: alias,
    topics: named === null ? undefined : named,
    enabled: enabled === false ? false : undefined,
    profile: { osVersion },
    fields: FIELDS,
  }
}
