/** Colours that colour-blind people can distinguish (Okabe and Ito). */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999999']
export const WIDTH = 860

export const colour = (at: number): string => COLOURS[at % COLOURS.length] ?? '#000'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly size?: number
  readonly fill?: string
}

export const label = (
  x: number,
  y: number,
  text: string,
  { anchor = 'start', size = 12, fill = '#222' }: TextOptions = {},
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}">${escaped(text)}</text>`

/** A chart on white, so that it is readable on any page. */
export const picture = (height: number, title: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    label(16, 24, title, { size: 15 }),
    ...parts,
    '</svg>',
    '',
  ].join('\n')

/** The legend, in one line. */
export function legend(y: number, names: readonly string[]): string[] {
  let x = 16
  return names.flatMap((name, at) => {
    const parts = [
      `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${colour(at)}"/>`,
      label(x + 17, y, name),
    ]
    x += 34 + name.length * 6.8
    return parts
  })
}
