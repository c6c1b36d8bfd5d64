import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

interface EmptyProps {
  readonly icon: IconName
  readonly title: string
  readonly children?: ComponentChildren
  readonly action?: ComponentChildren
}

/** Shown for an empty list, with a suggestion what to do. */
export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <div class="empty">
    <span class="empty-icon">
      <Icon name={icon} />
    </span>
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {action}
  </div>
)

export const NotFound = () => (
  <div class="empty">
    <span class="empty-icon">
      <Icon name="search" />
    </span>
    <h1>Page not found</h1>
    <p>The address may be from an earlier version, or its object was deleted.</p>
    <a class="button" href="/console/">
      To the overview
    </a>
  </div>
)

/** A placeholder for rows that are being loaded. */
export const Skeleton = ({ rows = 4 }: { rows?: number }) => (
  <div class="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, at) => (
      <span key={at} />
    ))}
  </div>
)
