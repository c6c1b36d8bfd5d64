import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Problem } from '../lib/api.ts'
import { ProblemNotice } from './notice.tsx'

interface FieldProps {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly children: (id: string, described: string | undefined) => ComponentChildren
}

export function Field({ label, hint, children }: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label class="label" htmlFor={id}>
        {label}
      </label>
      {children(id, hint ? `${id}-hint` : undefined)}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface TextProps {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly value: string
  readonly set: (value: string) => void
  readonly rows?: number
  readonly required?: boolean
  readonly placeholder?: string
  readonly mono?: boolean
}

export const TextField = ({ label, hint, value, set, rows, mono, ...rest }: TextProps) => (
  <Field label={label} hint={hint}>
    {(id, described) => {
      const shared = { ...rest, id, value, 'aria-describedby': described, class: mono ? 'mono' : undefined }
      return rows ? (
        <textarea {...shared} rows={rows} onInput={({ currentTarget }) => set(currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          autocomplete="off"
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )
    }}
  </Field>
)

/** An input for a secret that browsers do not offer to save. */
export const SecretField = ({
  label,
  hint,
  value,
  set,
}: Pick<TextProps, 'label' | 'hint' | 'value' | 'set'>) => (
  <Field label={label} hint={hint}>
    {(id, described) => (
      <input
        {...{ id, value, type: 'password', autocomplete: 'new-password', 'aria-describedby': described }}
        onInput={({ currentTarget }) => set(currentTarget.value.trim())}
      />
    )}
  </Field>
)

interface CheckProps {
  readonly label: string
  readonly on: boolean
  readonly set: (on: boolean) => void
}

export const Check = ({ label, on, set }: CheckProps) => (
  <label class="check-line">
    <input type="checkbox" checked={on} onChange={({ currentTarget }) => set(currentTarget.checked)} />
    {label}
  </label>
)

interface SelectProps {
  readonly label: string
  readonly hint?: ComponentChildren
  readonly value: string
  readonly set: (value: string) => void
  readonly of: readonly (readonly [value: string, name: string])[]
}

export const SelectField = ({ label, hint, value, set, of }: SelectProps) => (
  <Field label={label} hint={hint}>
    {(id, described) => (
      <select
        id={id}
        value={value}
        aria-describedby={described}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      >
        {of.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    )}
  </Field>
)

interface AskProps {
  readonly title: string
  readonly confirm: string
  readonly danger?: boolean
  readonly busy?: boolean
  readonly problem?: Problem | undefined
  readonly close: () => void
  readonly act: () => void
  readonly children?: ComponentChildren
}

/** Asks for confirmation of a change; the browser keeps the focus inside and restores it afterwards. */
export function Ask({ title, confirm, danger, busy, problem, close, act, children }: AskProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          act()
        }}
      >
        <h2 id={id}>{title}</h2>
        <ProblemNotice problem={problem} />
        <div class="dialog-body">{children}</div>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class={danger ? 'button danger' : 'button primary'} disabled={busy}>
            {busy ? 'Working…' : confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

interface SearchProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly search: (value: string) => void
}

/** Searches on submit, so that incomplete words are not searched. */
export function Search({ label, placeholder, value, search }: SearchProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault()
          search(text.trim())
        }}
      >
        <input
          type="search"
          aria-label={label}
          placeholder={placeholder}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="button">
          Search
        </button>
      </form>
    </search>
  )
}

interface FilterProps {
  readonly label: string
  readonly value: string
  readonly set: (value: string) => void
  readonly of: readonly (readonly [value: string, name: string])[]
}

/** A select above a list. */
export const Filter = ({ label, value, set, of }: FilterProps) => (
  <label class="filter">
    <span class="hidden-text">{label}</span>
    <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
      <option value="">{label}: all</option>
      {of.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

/** The link to the next page of a list. */
export const Pager = ({
  cursor,
  next,
  go,
}: {
  cursor: string | undefined
  next: string | undefined
  go: (cursor: string | undefined) => void
}) =>
  cursor || next ? (
    <nav class="pager" aria-label="Pages">
      <button type="button" class="button" disabled={!cursor} onClick={() => go(undefined)}>
        First page
      </button>
      <button type="button" class="button" disabled={!next} onClick={() => go(next)}>
        Next page
      </button>
    </nav>
  ) : null
