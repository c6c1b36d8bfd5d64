import { joined } from '../../domain/encoding.ts'
/** A physical line of a file in UTF-8. */
export interface Line {
  /** Without the line end; invalid UTF-8 is replaced by U+FFFD. */
  readonly text: string
  readonly end: '\n' | '\r\n' | '\r' | ''
  /** False if it contains invalid UTF-8. */
  readonly valid: boolean
  /** True if it exceeds the longest record; the text is then only its beginning. */
  readonly long: boolean
  /** The offset of its first byte in the file, and of the first byte after its end. */
  readonly from: number
  readonly to: number
}

/** Most bytes of a record, and of a line (migration.md 2.3). */
export const LONGEST = 1_048_576
const SHOWN = 1000
const [LF, CR] = [10, 13]

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

function decoded(bytes: Uint8Array): { text: string; valid: boolean } {
  try {
    return { text: strict.decode(bytes), valid: true }
  } catch {
    return { text: lenient.decode(bytes), valid: false }
  }
}

/**
 * Splits a file into lines, with any kind of line end, as its bytes arrive; buffers no more than one line.
 */
export class LineCutter {
  #rest: Uint8Array = new Uint8Array()
  /** The offset of `rest` in the file. */
  #at: number
  /** The current line is too long: its beginning, and its offset. */
  #long: { readonly text: string; readonly from: number } | null = null

  constructor(at: number) {
    this.#at = at
  }

  push(bytes: Uint8Array): Line[] {
    const all = this.#rest.length === 0 ? bytes : joined([this.#rest, bytes])
    // The LF of a CR at the very end may be in the next piece.
    const last = Math.max(all.lastIndexOf(LF), all.lastIndexOf(CR, all.length - 2))
    if (last < 0) {
      this.#keep(all)
      return []
    }
    const lines = this.#cut(all.subarray(0, last + 1))
    this.#at += last + 1
    this.#keep(all.slice(last + 1))
    return lines
  }

  end(): Line[] {
    const rest = this.#rest
    this.#rest = new Uint8Array()
    if (rest.length === 0 && !this.#long) return []
    const lines = this.#cut(rest)
    this.#at += rest.length
    return lines
  }

  #keep(rest: Uint8Array): void {
    if (rest.length <= LONGEST) {
      this.#rest = rest
      return
    }
    this.#long ??= { text: lenient.decode(rest.subarray(0, SHOWN)), from: this.#at }
    this.#at += rest.length
    this.#rest = new Uint8Array()
  }

  /** The lines that end in this piece, each with its line end; the last one may have none. */
  #cut(bytes: Uint8Array): Line[] {
    const lines: Line[] = []
    const whole = decoded(bytes)
    // If the text is all ASCII, positions in it equal byte positions; otherwise each line is decoded
    // separately.
    const ascii = whole.text.length === bytes.length
    for (let from = 0; from < bytes.length || (lines.length === 0 && this.#long); ) {
      const { at, end } = endOf(bytes, from)
      const { text, valid } = ascii
        ? { text: whole.text.slice(from, at), valid: whole.valid }
        : decoded(bytes.subarray(from, at))
      const to = at + end.length
      const long = this.#long
      this.#long = null
      lines.push({
        text: long?.text ?? text,
        end,
        valid,
        long: long !== null || at - from > LONGEST,
        from: long?.from ?? this.#at + from,
        to: this.#at + to,
      })
      from = to
      if (to === 0) break
    }
    return lines
  }
}

function endOf(bytes: Uint8Array, from: number): { at: number; end: Line['end'] } {
  const lf = bytes.indexOf(LF, from)
  const stop = lf < 0 ? bytes.length : lf
  const cr = bytes.subarray(from, stop).indexOf(CR)
  if (cr < 0) return { at: stop, end: lf < 0 ? '' : '\n' }
  return { at: from + cr, end: from + cr + 1 === stop && lf >= 0 ? '\r\n' : '\r' }
}
