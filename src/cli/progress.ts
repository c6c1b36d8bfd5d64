import { progress } from '@clack/prompts'
import type { Output } from './output.ts'

/** How often a line is printed if the output is not a terminal, in milliseconds. */
const EVERY = 5000

export interface Progress {
  /** `total` is null while it is unknown; `part` names the current step. */
  at(done: number, total: number | null, part?: string): void
  end(text: string): void
}

/**
 * Shows a bar with rate and remaining time in a terminal, otherwise an occasional line; shows nothing with
 * `--json`.
 */
export function showProgress(output: Output, what: string, unit: (amount: number) => string): Progress {
  const begun = Date.now()
  const told = (done: number, total: number | null, part = what): string => {
    const seconds = (Date.now() - begun) / 1000
    const rate = seconds > 0.5 ? done / seconds : 0
    const left = rate > 0 && total !== null ? `, ${clock((total - done) / rate)} left` : ''
    return `${part}: ${unit(done)}${total === null ? '' : ` of ${unit(total)}`}${rate > 0 ? `, ${unit(Math.round(rate))}/s${left}` : ''}`
  }
  if (output.json) return { at() {}, end() {} }
  if (!process.stderr.isTTY) {
    let last = Date.now()
    return {
      at(done, total, part) {
        if (Date.now() - last < EVERY) return
        last = Date.now()
        output.note(told(done, total, part))
      },
      end: output.note,
    }
  }
  const bar = progress({ max: 100, output: process.stderr })
  let shown = 0
  bar.start(what)
  return {
    at(done, total, part) {
      const percent = total ? Math.floor((done / total) * 100) : 0
      bar.advance(Math.max(0, percent - shown), told(done, total, part))
      shown = Math.max(shown, percent)
    },
    end: (text) => bar.stop(text),
  }
}

const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

export const bytes = (amount: number): string =>
  amount < 1024 ** 2 ? `${Math.ceil(amount / 1024)} KiB` : `${(amount / 1024 ** 2).toFixed(1)} MiB`
