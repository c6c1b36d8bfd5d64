/** A part of a page. Words between backticks are shown as code. */
export type Block =
  | { readonly heading: string; readonly level: 1 | 2 | 3 }
  | { readonly text: string }
  | { readonly items: readonly string[] }
  | { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** Escapes characters outside of code that Markdown, HTML or the site's templates would interpret. */
const plain = (text: string): string =>
  text
    .replace(/[\\*_[\]<>{}]/g, (one) => `\\${one}`)
    .replaceAll('\\<', '&lt;')
    .replaceAll('\\>', '&gt;')

const markdownText = (text: string): string =>
  text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? `\`${part}\`` : plain(part)))
    .join('')

const cell = (text: string): string => markdownText(text).replaceAll('|', '\\|')
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function markdownOf(block: Block): string {
  if ('heading' in block) return `${'#'.repeat(block.level)} ${markdownText(block.heading)}`
  if ('text' in block) return markdownText(block.text)
  if ('items' in block) return block.items.map((one) => `- ${markdownText(one)}`).join('\n')
  const rows = block.rows.map((row) => line(row.map(cell)))
  return [line(block.head.map(cell)), line(block.head.map(() => '---')), ...rows].join('\n')
}

export const markdownPage = (blocks: readonly Block[]): string => `${blocks.map(markdownOf).join('\n\n')}\n`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const htmlText = (text: string): string =>
  text
    .split('`')
    .map((part, at) => (at % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part)))
    .join('')

const cells = (tag: string, row: readonly string[]): string =>
  `<tr>${row.map((one) => `<${tag}>${htmlText(one)}</${tag}>`).join('')}</tr>`

function htmlOf(block: Block): string {
  if ('heading' in block) return `<h${block.level}>${htmlText(block.heading)}</h${block.level}>`
  if ('text' in block) return `<p>${htmlText(block.text)}</p>`
  if ('items' in block) return `<ul>${block.items.map((one) => `<li>${htmlText(one)}</li>`).join('\n')}</ul>`
  const rows = block.rows.map((row) => cells('td', row))
  return `<table><thead>${cells('th', block.head)}</thead>\n<tbody>${rows.join('\n')}</tbody></table>`
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #8886;padding:.3rem .5rem;text-align:left;vertical-align:top}
td,code{overflow-wrap:anywhere}code{font-size:.9em}`

/** A self-contained HTML page, without scripts or other files. */
export const htmlPage = (title: string, blocks: readonly Block[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style>
</head>
<body>
${blocks.map(htmlOf).join('\n')}
</body>
</html>
`
