import { AmfError } from './errors.ts'

/**
 * How much one packet, or one value read by itself, may demand. The size of the input is the caller's to limit.
 *
 * - `maxDepth`: how many arrays, objects, vectors, dictionaries and externalizable wrappers may lie within one
 *   another; 32 when left out, never more than 256, which any runtime's stack holds.
 * - `maxValues`: how many values a packet may hold in all its headers and bodies, vector items and sealed member
 *   names included, references counted once each time they are made; 65,536 when left out.
 */
export type AmfLimits = { maxDepth?: number; maxValues?: number }

/** The remaining budget while one packet is read or written. */
export type Budget = {
  /** Takes `count` values off the budget; an AmfError with reason `limit` when it is used up. */
  spend: (count: number) => void
  /** Runs `inner` one level deeper. Throws `AmfError` with reason `limit` beyond the allowed depth. */
  nest: <T>(inner: () => T) => T
}

const DEEPEST = 256

/** Starts a budget; `offset` returns the current position in the input, for error messages. */
export function createBudget(limits: AmfLimits, offset: () => number | null): Budget {
  const { maxDepth = 32, maxValues = 65_536 } = limits
  const deepest = Math.min(maxDepth, DEEPEST)
  let depth = 0
  let values = 0
  return {
    spend: (count) => {
      values += count
      if (values > maxValues) throw new AmfError('limit', `more than ${maxValues} values`, offset())
    },
    nest: (inner) => {
      depth += 1
      if (depth > deepest) throw new AmfError('limit', `nested deeper than ${deepest} levels`, offset())
      const result = inner()
      depth -= 1
      return result
    },
  }
}

/** The bounds of encoding: only the depth, since the values are the caller's own. */
export type AmfEncodeLimits = Pick<AmfLimits, 'maxDepth'>

/** Starts a budget for encoding. */
export function createEncodeBudget(limits: AmfEncodeLimits): Budget {
  return createBudget({ ...limits, maxValues: Number.POSITIVE_INFINITY }, () => null)
}
