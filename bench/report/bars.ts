import { colour, label, legend, picture, WIDTH } from './svg.ts'

export interface Bars {
  readonly title: string
  /** The meaning of each bar in a group. */
  readonly names: readonly string[]
  readonly groups: readonly { readonly label: string; readonly values: readonly (number | null)[] }[]
  readonly form: (value: number) => string
}

const BAR = 13
const GAP = 10
const LEFT = 190
const RIGHT = 90
const TOP = 64

/** Groups of horizontal bars with a common zero. */
export function bars({ title, names, groups, form }: Bars): string {
  const most = Math.max(
    ...groups.flatMap(({ values }) => values.map((value) => value ?? 0)),
    Number.MIN_VALUE,
  )
  const scale = (WIDTH - LEFT - RIGHT) / most
  const tall = names.length * BAR + GAP
  const parts = groups.flatMap(({ label: name, values }, group) => {
    const top = TOP + group * tall
    return [
      label(LEFT - 8, top + (values.length * BAR) / 2 + 4, name, { anchor: 'end' }),
      ...values.flatMap((value, at) => {
        if (value === null || !Number.isFinite(value)) return []
        const y = top + at * BAR
        const wide = Math.max(1, value * scale)
        return [
          `<rect x="${LEFT}" y="${y}" width="${wide.toFixed(1)}" height="${BAR - 2}" fill="${colour(at)}"/>`,
          label(LEFT + wide + 5, y + BAR - 3, form(value), { size: 10, fill: '#555' }),
        ]
      }),
    ]
  })
  return picture(TOP + groups.length * tall + 8, title, [...legend(46, names), ...parts])
}
