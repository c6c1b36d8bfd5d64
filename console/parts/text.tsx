import { useState } from 'preact/hooks'
import { ago, ends, fullTime } from '../lib/format.ts'
import { Icon } from './icon.tsx'

/** A relative time, with the full time on hover. */
export const Time = ({ at }: { at: string | null | undefined }) =>
  at ? (
    <time dateTime={at} title={fullTime(at)}>
      {ago(at)}
    </time>
  ) : (
    <span class="muted">never</span>
  )

/** User-defined text: in its own writing direction, and truncated if it is long. */
export const Words = ({ children, most = 80 }: { children: string | null | undefined; most?: number }) => {
  if (!children) return <span class="muted">none</span>
  return (
    <bdi class="words" title={children.length > most ? children.slice(0, 4000) : undefined}>
      {children.length > most ? `${children.slice(0, most)}…` : children}
    </bdi>
  )
}

/** An identifier that is copied on click. */
export function Id({ of, most }: { of: string; most?: number }) {
  return (
    <span class="id">
      <code title={of.slice(0, 4000)}>
        <bdi>{ends(of, most)}</bdi>
      </code>
      <Copy text={of} what="identifier" />
    </span>
  )
}

function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false)
  async function copy() {
    await navigator.clipboard.writeText(text).catch(() => {})
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <button type="button" class="copy" onClick={copy} title={`Copy the ${what}`}>
      <Icon name={copied ? 'check' : 'copy'} />
      <span class="hidden-text">{copied ? 'Copied' : `Copy the ${what}`}</span>
    </button>
  )
}

/** Lines to copy. */
export const Code = ({ text, what = 'lines' }: { text: string; what?: string }) => (
  <div class="code">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
    <Copy text={text} what={what} />
  </div>
)
