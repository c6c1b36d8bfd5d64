export function findPostgres(): {
  readonly bin: string
  readonly from: string
  readonly whole: boolean
} | null
