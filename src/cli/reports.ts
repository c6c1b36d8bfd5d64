import { accessSync, constants, writeFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import type { AskedRow } from '../compatibility/target.ts'
import { VERSION } from '../version.ts'
import { usage } from './faults.ts'

const FORMS = ['.json', '.md', '.html', '.svg'] as const
type Form = (typeof FORMS)[number]

/** A report file; its extension selects the format. */
export interface ReportFile {
  readonly name: string
  readonly form: Form
}

/** Throws, before a server is called, for an unknown extension or a path that cannot be written. */
export function reportFiles(names: readonly string[]): readonly ReportFile[] {
  return names.map((name) => {
    const form = FORMS.find((one) => one === extname(name).toLowerCase())
    if (form === undefined) throw usage(`${name} must end in one of ${FORMS.join(', ')}.`)
    try {
      accessSync(dirname(name), constants.W_OK)
    } catch {
      throw usage(`${dirname(name)} is not a writable folder.`)
    }
    return { name, form }
  })
}

/** Writes the report of a server in each of these forms. */
export async function writeReports(
  files: readonly ReportFile[],
  target: string,
  rows: readonly AskedRow[],
): Promise<void> {
  const [{ adapters }, { references }, { targetReport }, page, { badgesOf }, { reportText }] =
    await Promise.all([
      import('../../adapters/index.ts'),
      import('../../adapters/references.ts'),
      import('../compatibility/target.ts'),
      import('../compatibility/page.ts'),
      import('../compatibility/badge.ts'),
      import('../compatibility/report.ts'),
    ])
  const { origin, pathname } = new URL(target)
  const report = targetReport({
    // The address without a password.
    target: `${origin}${pathname}`.replace(/\/$/, ''),
    ...{ version: VERSION, date: new Date().toISOString().slice(0, 10), rows, adapters, references },
  })
  const texts: Record<Form, () => string> = {
    '.json': () => reportText(report),
    '.md': () => page.markdownReport(report),
    '.html': () => page.htmlReport(report),
    '.svg': () => badgesOf(report).compatibility ?? '',
  }
  for (const { name, form } of files) writeFileSync(name, texts[form]())
}
