import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { TableFrame } from './table.tsx'
import 'uplot/dist/uPlot.min.css'
import { compact, number } from '../lib/format.ts'

export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

interface PlotProps {
  readonly title: string
  /** The start of each bar, in seconds since 1970. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  /** How a bar's time is formatted. */
  readonly label: (seconds: number) => string
}

const HEIGHT = 180
const COLOURS = 6

/** Stacked bars, drawn on a canvas and repeated in a table for screen readers. */
export function Plot({ title, times, series, label }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const at = frame.current
    if (!at || times.length === 0) return
    let plot: uPlot | undefined
    const paint = () => {
      plot?.destroy()
      plot = new uPlot(options(at, times, series.length), stacked(times, series), at)
    }
    paint()
    const resized = new ResizeObserver(() => plot?.setSize({ width: at.clientWidth, height: HEIGHT }))
    resized.observe(at)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', paint)
    window.addEventListener('pushport-theme', paint)
    return () => {
      resized.disconnect()
      dark.removeEventListener('change', paint)
      window.removeEventListener('pushport-theme', paint)
      plot?.destroy()
    }
  }, [times, series])

  const sums = series.map(({ values }) => values.reduce((sum, one) => sum + one, 0))
  const told = series.map(({ name }, at) => `${name} ${number(sums[at] ?? 0)}`).join(', ')
  return (
    <figure class="plot">
      <ul class="legend" aria-hidden="true">
        {series.map(({ name }, at) => (
          <li key={name}>
            <span class={`swatch series-${at % COLOURS}`} />
            {name} <strong>{compact(sums[at] ?? 0)}</strong>
          </li>
        ))}
      </ul>
      <div ref={frame} class="plot-frame" role="img" aria-label={`${title}: ${told || 'nothing'}`} />
      <details>
        <summary>As a table</summary>
        <Values title={title} times={times} series={series} label={label} />
      </details>
    </figure>
  )
}

const Values = ({ title, times, series, label }: PlotProps) => (
  <TableFrame label={title}>
    <table class="dense">
      <caption class="hidden-text">{title}</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          {series.map(({ name }) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((time, at) =>
          series.some(({ values }) => values[at]) ? (
            <tr key={time}>
              <th scope="row">{label(time)}</th>
              {series.map(({ name, values }) => (
                <td key={name} class="number" data-name={name}>
                  {number(values[at] ?? 0)}
                </td>
              ))}
            </tr>
          ) : null,
        )}
      </tbody>
    </table>
  </TableFrame>
)

/** The highest first, so that lower ones are drawn over it. */
function stacked(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  const sums = times.map(() => 0)
  const layers = series.map(({ values }) =>
    values.map((value, at) => {
      sums[at] = (sums[at] ?? 0) + value
      return sums[at] ?? 0
    }),
  )
  return [times.slice(), ...layers.reverse()]
}

function options(frame: HTMLElement, times: readonly number[], layers: number): uPlot.Options {
  const style = getComputedStyle(frame)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const probe = (at: number) => colourOf(frame, `series-${at % COLOURS}`)
  const axis = {
    ...{ stroke: colourOf(frame, 'plot-text'), font: `11px ${colour('font-family') || 'system-ui'}` },
    ...{ ticks: { show: false }, grid: { stroke: colourOf(frame, 'plot-grid'), width: 1 } },
  }
  const step = (times[1] ?? 0) - (times[0] ?? 0) || 3600
  return {
    ...{ width: frame.clientWidth, height: HEIGHT, padding: [8, 4, 0, 0] },
    ...{ legend: { show: false }, cursor: { show: false } },
    scales: {
      x: { range: () => [(times[0] ?? 0) - step / 2, (times.at(-1) ?? 0) + step / 2] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64 },
      {
        ...axis,
        size: 44,
        space: 36,
        values: (_, splits) => splits.map((one) => (Number.isInteger(one) ? compact(one) : '')),
      },
    ],
    series: [
      {},
      ...(Array.from({ length: layers }, (_, at) => ({
        fill: probe(layers - 1 - at),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars?.({ size: [0.72, 28], radius: 0.15 }) ?? null,
      })) as uPlot.Series[]),
    ],
  }
}

/** A colour from the stylesheet in the current theme, because a canvas cannot use CSS variables. */
function colourOf(frame: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.className = name
  frame.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
