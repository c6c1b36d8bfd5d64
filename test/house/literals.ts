/** Parts that are not templates: comments and plain strings. */
const ASIDE = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y

/**
 * The literal text of every template of a source and of every string given to `raw`, with `…` for inserted
 * values.
 */
export function literals(source: string): string[] {
  const found: string[] = []
  let at = 0

  /** Up to the matching brace. */
  function code(): void {
    for (let depth = 0; at < source.length; at++) {
      ASIDE.lastIndex = at
      const [aside] = ASIDE.exec(source) ?? []
      if (aside?.startsWith("'") && source.slice(0, at).endsWith('raw(')) found.push(aside.slice(1, -1))
      if (aside) at += aside.length - 1
      else if (source[at] === '`') template()
      else if (source[at] === '{') depth++
      else if (source[at] === '}' && depth-- === 0) return
    }
  }

  function template(): void {
    let text = ''
    for (at++; at < source.length && source[at] !== '`'; at++) {
      if (source.startsWith('${', at)) {
        at += 2
        code()
        text += '…'
      } else text += source[at]
    }
    found.push(text)
  }

  code()
  return found
}
