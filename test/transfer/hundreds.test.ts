import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm } from './kit.ts'
import { FOREIGNERS } from './nasty-foreign.ts'
import { OWN } from './nasty-own.ts'
import { type Nasty, tokenOf } from './nasty-rows.ts'

const FILES = [...OWN, ...FOREIGNERS]

const COUNT = 200
const NASTY = 25
/** Every eighth row is a nasty one. */
const EACH = COUNT / NASTY

/** The bytes of a file in which a placeholder represents one that no text can contain. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const parts = text.split('\uFFFF').map((part) => new TextEncoder().encode(part))
  return new Uint8Array(parts.flatMap((part, at) => (at === 0 ? [...part] : [0xff, ...part])))
}
const tally = (names: readonly string[]) =>
  Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]))

describe.each(FILES)(`9.1 a file of $format with 200 rows on ${runtimeName}`, (table) => {
  const { format, dialect, query, own, good, nasty, file, quiet = [] } = table

  test('of which 25 are nasty ends as told, in a dry run too, shows no token, and changes nothing a second time', async () => {
    expect(nasty).toHaveLength(NASTY)
    const at = (row: number): Nasty | undefined => (row % EACH === 0 ? nasty[row / EACH - 1] : undefined)
    const numbers = Array.from({ length: COUNT }, (_, n) => n + 1)
    const rows = numbers.map((n) => at(n)?.row ?? good(n))
    const office = await createOffice({ [dialect]: {} })
    const path = `format=${format}&dialect=${dialect}&exportedAt=2026-11-20T00:00:00Z&${query}`
    const upload = bytesOf(file(rows))
    const dry = await office.import(`${path}&dryRun=true`, upload)
    const done = await office.import(path, upload)

    const outcomes = numbers.map((n) => at(n)?.outcome ?? 'created')
    const none = { created: 0, updated: 0, merged: 0, unchanged: 0, skipped: 0, rejected: 0 }
    const warned = numbers.flatMap((n) => [...(at(n)?.warnings ?? []), ...(at(n)?.reason ? [] : quiet)])
    expect(done).toMatchObject({
      ...{ state: 'completed', rows: { read: COUNT, done: COUNT, total: COUNT }, error: null },
      outcomes: { ...none, ...tally(outcomes) },
    })
    expect(done.reasons).toEqual(tally(nasty.flatMap(({ reason }) => reason ?? [])))
    expect(done.warnings).toEqual(tally(warned))
    const errors = await office.errors(done.id)
    expect(errors.map(({ row, outcome, reason, field }) => ({ row, outcome, reason, field }))).toEqual(
      numbers.flatMap((row) => {
        const { outcome, reason, field } = at(row) ?? {}
        return reason ? [{ row, outcome, reason, field }] : []
      }),
    )
    for (const part of ['outcomes', 'reasons', 'warnings'] as const) expect(dry[part]).toEqual(done[part])
    expect(await office.errors(dry.id)).toEqual(errors)
    const shown = JSON.stringify(await office.errors(done.id, 'warnings=true&raw=true'))
    expect(shown).not.toContain(fcm('nasty').slice(0, 40))

    const lines = async () =>
      (await office.export('format=ndjson')).split('\n').filter((line) => line.includes('"type":"device"'))
    const before = await lines()
    const devices = before.map((line) => JSON.parse(line))
    expect(devices).toHaveLength(outcomes.filter((one) => one === 'created').length)
    for (const n of numbers.filter((one) => !at(one)))
      expect(devices.find(({ token }) => token === tokenOf(table, n))).toMatchObject(own(n))

    const again = await office.import(path, upload)
    expect(again.outcomes).toMatchObject({
      created: 0,
      updated: 0,
      merged: 0,
      rejected: done.outcomes.rejected,
    })
    expect(await lines()).toEqual(before)
  })
})
