import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'

const LIMIT = 120_000

interface Figure {
  readonly measure: string
  readonly contender: string
  readonly rate: number
  readonly p99: number
}
interface Kept {
  readonly machine: { readonly node: string }
  readonly figures: { readonly figures: readonly Figure[] }
}

/** A quick bench of one measure over few devices, in a separate folder. */
async function bench(measure: string) {
  const out = temporaryFolder()
  const options = ['--quick', '--devices', '1000', '--minutes', '0.05', '--connections', '4']
  const program = run(
    process.execPath,
    ['bench/run.mjs', 'calls', 'beside', '--beside', '.', ...options, '--only', measure, '--out', out],
    { BENCH_DATA: join(out, 'data'), BENCH_GENERATOR: 'autocannon' },
  )
  const { code } = await program.exited
  return { code, out, printed: program.stdout, failed: program.stderr }
}

test(
  'a quick bench measures a registration beside the limits and beside another checkout, writes JSON, a picture and a page, and ends by itself',
  async () => {
    const { code, out, printed, failed } = await bench('fresh pushwoosh')
    expect(code, failed).toBe(0)
    const kept: Kept = JSON.parse(readFileSync(join(out, 'results', 'calls.json'), 'utf8'))
    const { figures } = kept.figures
    expect(figures.map(({ contender }) => contender)).toEqual([
      'ours, 1,000 devices',
      'bare node:http',
      'bare Hono',
      'its statements alone',
    ])
    for (const { measure, rate, p99 } of figures) {
      expect(measure).toBe('fresh pushwoosh')
      expect(rate).toBeGreaterThan(0)
      expect(p99).toBeGreaterThan(0)
    }
    const beside = JSON.parse(readFileSync(join(out, 'results', 'beside.json'), 'utf8'))
    const versions: readonly Figure[] = beside.figures
    expect(versions.map(({ contender }) => contender)).toEqual(['this checkout', basename(process.cwd())])
    for (const { rate } of versions) expect(rate).toBeGreaterThan(0)
    expect(kept.machine.node).toBe(process.version)
    expect(printed).toContain('fresh pushwoosh')
    const page = readFileSync(join(out, 'RESULTS.md'), 'utf8')
    // A short run is not a measurement, and says so.
    expect(page).toContain('is no measurement')
    expect(page).toContain('(results/calls-1.svg)')
    expect(readFileSync(join(out, 'results', 'calls-1.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  },
  LIMIT,
)

test.each([
  { args: ['beside'], told: /--beside FOLDER names the other checkout/ },
  { args: ['nothing'], told: /There is no suite nothing/ },
  { args: ['--store', 'mysql'], told: /--store is sqlite or postgres, not mysql/ },
  { args: ['--devices', 'many'], told: /--devices must be a number above 0, not many/ },
])('$args is refused with the reason', { timeout: LIMIT }, async ({ args, told }) => {
  const program = run(process.execPath, ['bench/run.mjs', ...args])
  const { code } = await program.exited
  expect(code).toBe(1)
  expect(program.stderr).toMatch(told)
})
