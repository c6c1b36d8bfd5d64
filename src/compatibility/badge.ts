import { type DialectReport, fails, passes, type Report, unsupported } from './report.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The approximate width of Verdana at 11 pixels. */
const widthOf = (text: string): number => Math.ceil([...text].length * 6.6) + 12

/** A badge image with a label and a value. */
function badge(label: string, said: string, colour: string): string {
  const [left, right] = [widthOf(label), widthOf(said)]
  const title = escaped(`${label}: ${said}`)
  const text = (at: number, words: string) => `<text x="${at}" y="14">${escaped(words)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${left + right}" height="20" rx="3" fill="#3b3b3b"/>`,
    `<rect x="${left}" width="${right}" height="20" rx="3" fill="${colour}"/>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(left / 2, label),
    text(left + right / 2, said),
    '</g></svg>\n',
  ].join('')
}

function counted(dialects: readonly DialectReport[]) {
  const endpoints = dialects.flatMap((one) => one.endpoints).filter((one) => !unsupported(one))
  const rows = dialects.flatMap((one) => one.rows).flatMap(({ results }) => Object.values(results))
  const failed = endpoints.filter(fails).length + rows.filter((one) => one === 'fails').length
  return { all: endpoints.length, passed: endpoints.filter(passes).length, failed }
}

function badgeOf(label: string, dialects: readonly DialectReport[]): string {
  const { all, passed, failed } = counted(dialects)
  if (failed > 0) return badge(label, `${failed} failed`, '#b3261e')
  return badge(label, `${passed} of ${all} endpoints`, passed === all ? '#2a7a2e' : '#8a6100')
}

/** The badge of a whole report, and one for each dialect, by its name. */
export const badgesOf = ({ dialects }: Report): Readonly<Record<string, string>> => ({
  compatibility: badgeOf('compatibility', dialects),
  ...Object.fromEntries(dialects.map((one) => [one.name, badgeOf(one.title, [one])])),
})
