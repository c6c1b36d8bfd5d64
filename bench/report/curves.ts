import { colour, label, legend, picture, WIDTH } from './svg.ts'

export interface Curves {
  readonly title: string
  /**
   * Both axes are logarithmic: costs that grow with the size form a slope, constant costs a horizontal line.
   */
  readonly x: { readonly values: readonly number[]; readonly form: (value: number) => string }
  readonly y: { readonly form: (value: number) => string; readonly unit: string }
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
}

const BOX = { left: 70, right: 30, top: 64, height: 300 }

export function curves({ title, x, y, lines }: Curves): string {
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== null && value > 0)) as number[]
  const low = Math.floor(Math.log10(Math.min(...all, 1e12)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...all, 1e-12))))
  const [first = 1, last = 10] = [x.values[0], x.values.at(-1)]
  const wide = WIDTH - BOX.left - BOX.right
  const span = Math.log10(last / first) || 1
  const atX = (value: number) => BOX.left + (Math.log10(value / first) / span) * wide
  const atY = (value: number) =>
    BOX.top + BOX.height - ((Math.log10(value) - low) / (high - low)) * BOX.height

  const grid = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at)).flatMap((value) => [
    `<line x1="${BOX.left}" x2="${BOX.left + wide}" y1="${atY(value)}" y2="${atY(value)}" stroke="#ddd"/>`,
    label(BOX.left - 6, atY(value) + 4, y.form(value), { anchor: 'end', size: 11 }),
  ])
  const axis = x.values.map((value) =>
    label(atX(value), BOX.top + BOX.height + 18, x.form(value), { anchor: 'middle', size: 11 }),
  )
  const drawn = lines.flatMap(({ values }, at) => {
    const points = values.flatMap((value, n) => {
      const place = x.values[n]
      return value === null || place === undefined ? [] : [[atX(place), atY(value)] as const]
    })
    const path = points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')
    return [
      `<polyline points="${path}" fill="none" stroke="${colour(at)}" stroke-width="2"/>`,
      ...points.map(
        ([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${colour(at)}"/>`,
      ),
    ]
  })
  const unit = label(BOX.left, BOX.top + BOX.height + 38, y.unit, { size: 11, fill: '#555' })
  const names = lines.map(({ name }) => name)
  return picture(BOX.top + BOX.height + 50, title, [...legend(46, names), ...grid, ...axis, ...drawn, unit])
}
