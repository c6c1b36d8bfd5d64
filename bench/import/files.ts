import { closeSync, openSync, writeSync } from 'node:fs'
import { phone } from '../seed/phone.ts'

/** A file of an old vendor, or of another gateway of ours. */
export interface Format {
  readonly name: string
  /** Parameters of the upload. */
  readonly query: string
  readonly head: string
  row(n: number): string
}

/** No phone that registers in the bench has one of these numbers. */
const FIRST = 600_000_000_000
const SINCE = Date.UTC(2025, 0, 1)
const PLANS = ['free', 'pro', 'team']
const LANGUAGES = ['en', 'de', 'pt', 'ja']
const secondsOf = (n: number) => SINCE / 1000 + (n % 30_000_000)
const some = (list: readonly string[], n: number) => list[n % list.length] ?? ''

export const formats: readonly Format[] = [
  {
    name: 'ndjson',
    query: 'format=ndjson&dialect=pushwoosh&exportedAt=2026-01-01T00:00:00Z',
    head: '',
    row(n) {
      const { uuid, user, token } = phone(FIRST + n)
      return `${JSON.stringify({
        type: 'device',
        dialect: 'pushwoosh',
        externalId: uuid,
        platform: 'android',
        provider: 'fcm',
        token,
        userId: user,
        tags: { Plan: some(PLANS, n), Level: n % 100 },
        tagTypes: { Plan: 'string', Level: 'integer' },
        enabled: true,
        model: 'Pixel 8',
        osVersion: '14',
        appVersion: '3.4.10',
        language: some(LANGUAGES, n),
        createdAt: new Date(secondsOf(n) * 1000).toISOString(),
        lastSeenAt: new Date((secondsOf(n) + 86_400) * 1000).toISOString(),
      })}\n`
    },
  },
  {
    name: 'pushwoosh-csv',
    query: 'format=pushwoosh-csv&exportedAt=2026-01-01T00:00:00Z',
    head: 'Hwid,User ID,Push Token,Type,Type (humanized),Language,Application Version,First Install,Last Application Open,Level,Plan\n',
    row(n) {
      const { uuid, user, token } = phone(FIRST + n)
      const seen = secondsOf(n)
      return `${uuid},${user},${token},3,Android,${some(LANGUAGES, n)},3.4.10,${seen},${seen + 86_400},${n % 100},${some(PLANS, n)}\n`
    },
  },
]

/** Writes a file with the given number of rows; returns its bytes. */
export function writeRows(path: string, { head, row }: Format, rows: number): number {
  const file = openSync(path, 'w')
  let bytes = writeSync(file, head)
  for (let n = 0; n < rows; ) {
    let piece = ''
    for (const end = Math.min(rows, n + 1000); n < end; n++) piece += row(n)
    bytes += writeSync(file, piece)
  }
  closeSync(file)
  return bytes
}
