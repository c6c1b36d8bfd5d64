import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a page. */
export interface Block {
  readonly page: string
  readonly line: number
  /** The language after the fence: `sh`, `js`, or nothing. */
  readonly language: string
  /** Without the indentation of the list that contains it. */
  readonly text: string
}

/** Every page for readers. */
export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'CODE_OF_CONDUCT.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('.vitepress'))
    .map((name) => join('docs', name))
    .sort(),
]

const FENCED = /^( *)```([^\n`]*)\n([\s\S]*?)^ *```$/gm

export function blocksOf(page: string): Block[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(FENCED)].map(
    ({ 0: whole, 1: indent = '', 2: language = '', 3: body = '', index }) => {
      if (whole.split('```').length !== 3) throw new Error(`${page}: a block does not end.`)
      const line = text.slice(0, index).split('\n').length
      return {
        page,
        line,
        language: language.trim(),
        text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }
    },
  )
}
