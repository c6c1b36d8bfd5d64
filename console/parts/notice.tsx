import type { ComponentChildren } from 'preact'
import type { Problem } from '../lib/api.ts'
import { Icon } from './icon.tsx'

interface NoticeProps {
  readonly kind: 'info' | 'good' | 'warn' | 'bad'
  readonly title: string
  readonly children?: ComponentChildren
  readonly action?: ComponentChildren
}

export const Notice = ({ kind, title, children, action }: NoticeProps) => (
  <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
    <Icon name={kind === 'good' ? 'check' : kind === 'info' ? 'info' : 'alert'} />
    <div class="notice-text">
      <strong>{title}</strong>
      {children && <div>{children}</div>}
    </div>
    {action}
  </div>
)

/** Why a call was refused, with every invalid field. */
export function ProblemNotice({ problem, retry }: { problem: Problem | undefined; retry?: () => void }) {
  if (!problem) return null
  const again = retry && (
    <button type="button" class="button small" onClick={retry}>
      Try again
    </button>
  )
  return (
    <Notice kind="bad" title={problem.title} action={again}>
      {problem.errors?.length ? (
        <ul class="faults">
          {problem.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      ) : (
        problem.detail
      )}
    </Notice>
  )
}
