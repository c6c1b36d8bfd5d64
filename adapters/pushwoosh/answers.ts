/**
 * Members of an answer that would permanently redirect an installed app to another server (section 1, row 5).
 */
const LEADING = /"base_url"/

/**
 * Removes `base_url` from an answer and from its `response`; the rest stays unchanged, byte for byte. A text
 * that is not an object is returned unchanged.
 */
export function withoutBaseUrl(answer: string): string {
  if (!LEADING.test(answer)) return answer
  const cuts = [...membersOf(answer, 0)].flatMap((member) =>
    member.name === 'base_url'
      ? [member]
      : member.name === 'response' && answer[member.value] === '{'
        ? [...membersOf(answer, member.value)].filter(({ name }) => name === 'base_url')
        : [],
  )
  return cuts.reduceRight((text, cut) => without(text, cut), answer)
}

interface Member {
  readonly name: string
  readonly start: number
  readonly value: number
  readonly end: number
}

const SPACE = /[\s]/

/** The members of the object that begins at or after an index. */
function* membersOf(text: string, from: number): Generator<Member> {
  let at = past(text, from)
  if (text[at] !== '{') return
  at = past(text, at + 1)
  while (text[at] === '"') {
    const start = at
    const nameEnd = valueEnd(text, at)
    const colon = past(text, nameEnd)
    if (nameEnd < 0 || text[colon] !== ':') return
    const value = past(text, colon + 1)
    const end = valueEnd(text, value)
    if (end < 0) return
    yield { name: nameOf(text.slice(start, nameEnd)), start, value, end }
    at = past(text, end)
    if (text[at] !== ',') return
    at = past(text, at + 1)
  }
}

function nameOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return ''
  }
}

/** Removes a member, together with the comma that is no longer needed. */
function without(text: string, { start, end }: Member): string {
  const after = past(text, end)
  if (text[after] === ',') return text.slice(0, start) + text.slice(past(text, after + 1))
  const before = text.slice(0, start).trimEnd()
  return (before.endsWith(',') ? before.slice(0, -1) : before) + text.slice(end)
}

function past(text: string, from: number): number {
  let at = from
  while (at < text.length && SPACE.test(text[at] ?? '')) at++
  return at
}

/** The index after the value that starts at an index; -1 if the value is incomplete. */
function valueEnd(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '"') {
      do at = text.indexOf('"', at + 1)
      while (at > 0 && escaped(text, at))
      if (at < 0) return -1
      if (depth === 0) return at + 1
    } else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (character === ',' || SPACE.test(character))) return at
  }
  return -1
}

function escaped(text: string, quote: number): boolean {
  let at = quote
  while (text[at - 1] === '\\') at--
  return (quote - at) % 2 === 1
}
