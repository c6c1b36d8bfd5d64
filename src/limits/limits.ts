/** Limits on requests, all configurable (config.ts). */
export interface Limits {
  /** Bytes of a body. */
  readonly bodyBytes: number
  /** Bytes of a bulk body. */
  readonly bulkBytes: number
  /** Levels of nesting in a JSON document. */
  readonly jsonDepth: number
  /** Characters of path and query. */
  readonly pathLength: number
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1024 * 1024,
  bulkBytes: 10 * 1024 * 1024,
  jsonDepth: 32,
  pathLength: 8192,
}
