import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

interface PageProps {
  readonly title: string
  /** For a title that is an identifier or a user-defined name. */
  readonly named?: boolean
  readonly lead?: ComponentChildren
  readonly back?: { readonly href: string; readonly name: string }
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

export function Page({ title, named, lead, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title.slice(0, 80)} · Pushport`
  }, [title])
  return (
    <div class="page">
      <header class="page-head">
        <div class="page-words">
          {back && (
            <a class="back" href={back.href}>
              ← {back.name}
            </a>
          )}
          <h1 class={named ? 'named' : undefined}>
            <bdi>{title}</bdi>
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface CardProps {
  readonly title?: string
  readonly lead?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly flush?: boolean
  readonly children: ComponentChildren
}

export const Card = ({ title, lead, actions, flush, children }: CardProps) => (
  <section class={flush ? 'card flush' : 'card'}>
    {(title || actions) && (
      <header class="card-head">
        <div>
          {title && <h2>{title}</h2>}
          {lead && <p class="muted">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
    )}
    {children}
  </section>
)

/** Names and values in two columns. */
export const Facts = ({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {of.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>
          {value === null || value === undefined || value === '' ? <span class="muted">none</span> : value}
        </dd>
      </div>
    ))}
  </dl>
)

export const Badge = ({
  kind = 'plain',
  children,
}: {
  kind?: 'plain' | 'good' | 'warn' | 'bad' | 'accent'
  children: ComponentChildren
}) => <span class={`badge ${kind}`}>{children}</span>
