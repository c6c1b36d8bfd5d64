/** Top-level members of a JSON object, read without parsing it. */
export interface OuterMembers {
  /** The string values of the wanted members; the last one wins, as in JSON. */
  readonly texts: ReadonlyMap<string, string>
  /** The wanted members whose values are arrays. */
  readonly arrays: ReadonlySet<string>
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [123, 125, 91, 93]
const SPACES: ReadonlySet<number> = new Set([9, 10, 13, 32])
/** Longer names and texts are ignored. */
const LONGEST = 4096

/**
 * Reads the wanted members of a JSON object without parsing the rest, so that a ten-megabyte body from a caller without a
 * key costs almost nothing. Null if the text is not an object, is incomplete or nested too deep; other faults are left to
 * the parser.
 */
export function outerMembers(text: string, wanted: readonly string[], maxDepth: number): OuterMembers | null {
  const texts = new Map<string, string>()
  const arrays = new Set<string>()
  let at = afterSpace(text, 0)
  if (text[at] !== '{') return null
  at = afterSpace(text, at + 1)
  while (text[at] === '"') {
    const endOfName = endOfString(text, at)
    const name = read(text, at, endOfName)
    at = afterSpace(text, endOfName)
    if (text[at] !== ':') return null
    at = afterSpace(text, at + 1)
    const end = endOfValue(text, at, maxDepth - 1)
    if (end === -1) return null
    if (name !== undefined && wanted.includes(name)) {
      const value = text[at] === '"' ? read(text, at, end) : undefined
      if (value === undefined) texts.delete(name)
      else texts.set(name, value)
      if (text[at] === '[') arrays.add(name)
      else arrays.delete(name)
    }
    at = afterSpace(text, end)
    if (text[at] === ',') at = afterSpace(text, at + 1)
  }
  return text[at] === '}' && afterSpace(text, at + 1) === text.length ? { texts, arrays } : null
}

function afterSpace(text: string, from: number): number {
  let at = from
  while (SPACES.has(text.charCodeAt(at))) at++
  return at
}

/** The index after the string that starts at `from`; the text's length if it does not end. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length + 1 : end + 1
}

/** Whether an odd number of backslashes precedes an index. */
function isEscaped(text: string, place: number): boolean {
  let at = place
  while (text.charCodeAt(at - 1) === BACKSLASH) at--
  return (place - at) % 2 === 1
}

/** The index after the value that starts at `from`; -1 if it is incomplete or too deep. */
function endOfValue(text: string, from: number, maxDepth: number): number {
  const first = text.charCodeAt(from)
  if (first === QUOTE) return within(text, endOfString(text, from))
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return endOfScalar(text, from)
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at) - 1
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > maxDepth) return -1
    } else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return at + 1
  }
  return -1
}

const within = (text: string, place: number): number => (place <= text.length ? place : -1)

function endOfScalar(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === COMMA || code === CLOSE_BRACE) return at
  }
  return -1
}

/** The string between two indexes; undefined if it is too long or invalid. */
function read(text: string, from: number, end: number): string | undefined {
  if (end - from > LONGEST) return undefined
  try {
    const value: unknown = JSON.parse(text.slice(from, end))
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
