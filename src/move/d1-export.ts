import { createReadStream, rmSync } from 'node:fs'
import { openConnection } from '../store/sqlite/driver.ts'

/**
 * Creates a SQLite file from the output of `wrangler d1 export`: statements, each ended by a semicolon. They
 * run one by one, so that the text is never in memory as a whole.
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

/** Splits after the last semicolon that is outside of strings, names and comments; returns both parts. */
export function statementsIn(text: string): { readonly whole: string; readonly left: string } {
  let end = 0
  // Each alternative matches a part in which a semicolon does not end a statement.
  const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*\n|;|['"`]|--/g
  for (let found = parts.exec(text); found; found = parts.exec(text)) {
    if (found[0] === ';') end = parts.lastIndex
    // A string, name or comment that is incomplete here.
    else if (["'", '"', '`', '--'].includes(found[0])) break
  }
  return { whole: text.slice(0, end), left: text.slice(end) }
}
