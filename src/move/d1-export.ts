import { createReadStream, rmSync } from 'node:fs'
import { openConnection } from '../store/sqlite/driver.ts'

/**
 * Makes a SQLite file of what `wrangler d1 export` wrote: statements, each with a semicolon at its end. They run one by one,
 * so that the text is never in memory whole.
 */
export async function loadExport(dump: string, file: string): Promise<void> {
  rmSync(file, { force: true })
  const client = openConnection(file)
  try {
    client.pragma('journal_mode = OFF')
    client.pragma('synchronous = OFF')
    client.exec('BEGIN')
    let rest = ''
    for await (const chunk of createReadStream(dump, 'utf8')) {
      const { whole, left } = statementsIn(rest + chunk)
      if (whole !== '') client.exec(whole)
      rest = left
    }
    if (rest.trim() !== '') client.exec(rest)
    client.exec('COMMIT')
  } finally {
    client.close()
  }
}

/** Up to the last semicolon that stands in no text, name or remark; and what comes after it. */
export function statementsIn(text: string): { readonly whole: string; readonly left: string } {
  let end = 0
  // Each alternative takes in a stretch in which a semicolon means nothing.
  const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*\n|;|['"`]|--/g
  for (let found = parts.exec(text); found; found = parts.exec(text)) {
    if (found[0] === ';') end = parts.lastIndex
    // A text, name or remark that does not end here.
    else if (["'", '"', '`', '--'].includes(found[0])) break
  }
  return { whole: text.slice(0, end), left: text.slice(end) }
}
