import type forge from 'node-forge'

export type Node = forge.asn1.Asn1

export function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a member is missing')
  return value
}

export function children({ value }: Node): Node[] {
  if (typeof value === 'string') throw new Error('a primitive has no members')
  return value
}

export const child = (node: Node, at: number): Node => needed(children(node)[at])

/** The bytes of a node, which may consist of several parts. */
export const bytesOf = ({ value }: Node): string =>
  typeof value === 'string' ? value : value.map(bytesOf).join('')

/** An integer; numbers longer than any count of rounds become infinite. */
export function numberOf(node: Node): number {
  const bytes = bytesOf(node)
  if (bytes.length > 5) return Number.POSITIVE_INFINITY
  return [...bytes].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0)
}
