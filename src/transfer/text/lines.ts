import { joined } from '../../domain/encoding.ts'
/** A physical line of a file in UTF-8. */
export interface Line {
  /** Without its end; where bytes are no UTF-8, with a mark in their place. */
  readonly text: string
  readonly end: '\n' | '\r\n' | '\r' | ''
  /** False where it has bytes that are no UTF-8. */
  readonly valid: boolean
  /** True where it is longer than a record may be; then the text is only its beginning. */
  readonly long: boolean
  /** Its first byte in the file, and the first one behind its end. */
  readonly from: number
  readonly to: number
}

/** In bytes: neither a record nor a line may be longer (migration.md 2.3). */
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

/** Cuts a file into lines, whatever they end with, as its bytes come; keeps no more than one line. */
export class LineCutter {
  #rest: Uint8Array = new Uint8Array()
  /** Where `rest` begins in the file. */
  #at: number
  /** The line so far is too long: the beginning of it, and where that was. */
  #long: { readonly text: string; readonly from: number } | null = null

  constructor(at: number) {
    this.#at = at
  }

  push(bytes: Uint8Array): Line[] {
    const all = this.#rest.length === 0 ? bytes : joined([this.#rest, bytes])
    // A CR at the very end may have its LF in the next piece.
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

  /** Lines that end here, each with its end; the last one may have none. */
  #cut(bytes: Uint8Array): Line[] {
    const lines: Line[] = []
    const whole = decoded(bytes)
    // Positions in the text are positions in the bytes where all of it is ASCII, and else each line is decoded by itself.
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
