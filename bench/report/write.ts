import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBusy, machineText } from '../kit/machine.ts'
import { data, REPORT } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import type { Report, Section } from './report.ts'
import { markdownTable, textTable } from './table.ts'

const HONEST =
  'Others used this machine during the run, or it was too short for figures: it shows that the benchmark works, and is no measurement.'

/** The stored form of a report; its charts are separate files. */
interface Kept extends Omit<Report, 'sections'> {
  readonly quick: boolean
  readonly sections: readonly (Omit<Section, 'picture'> & { readonly picture?: string })[]
}

/**
 * Writes a suite's JSON and charts, and RESULTS.md of all suites with results; returns the lines for the
 * terminal.
 */
export function write(report: Report, { out, quick }: Options): string[] {
  const folder = out ?? (quick ? data('quick') : REPORT)
  mkdirSync(join(folder, 'results'), { recursive: true })
  const sections = report.sections.map((section, at) => {
    if (section.picture === undefined) return section
    const name = `results/${report.suite}-${at + 1}.svg`
    writeFileSync(join(folder, name), section.picture)
    return { ...section, picture: name }
  })
  const kept: Kept = { ...report, quick, sections }
  writeFileSync(join(folder, 'results', `${report.suite}.json`), `${JSON.stringify(kept, null, 2)}\n`)
  writeFileSync(join(folder, 'RESULTS.md'), `${page(folder).join('\n')}\n`)
  return [
    ...(untrusted(kept) ? ['', HONEST] : []),
    ...sections.flatMap(({ title, table }) => (table ? ['', title, ...textTable(table)] : [])),
    '',
    `${join(folder, 'RESULTS.md')} and ${join(folder, 'results')} hold this and the pictures.`,
  ]
}

const untrusted = ({ machine, quick }: Kept) => quick || isBusy(machine)

/** The report of all suites whose results are in this folder. */
function page(folder: string): string[] {
  const suites = readdirSync(join(folder, 'results'))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, 'results', name), 'utf8')) as Kept)
  return [
    '# Results',
    '',
    'Written by `npm run bench` ([run.mjs](run.mjs), `--help` lists the options); do not edit.',
    ...suites.flatMap((one) => [
      '',
      `## ${one.title}`,
      '',
      ...(untrusted(one) ? [`**${HONEST}**`, ''] : []),
      `${machineText(one.machine)}. ${one.settings}.`,
      ...one.sections.flatMap(({ title, text, table, picture }) => [
        '',
        `### ${title}`,
        ...(text === undefined ? [] : ['', text]),
        ...(table ? ['', ...markdownTable(table)] : []),
        ...(picture !== undefined && existsSync(join(folder, picture))
          ? ['', `![${title}](${picture})`]
          : []),
      ]),
    ]),
  ]
}
