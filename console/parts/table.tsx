import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  readonly name: string
  readonly of: (row: Row) => ComponentChildren
  readonly kind?: 'number' | 'wide' | 'action'
}

interface TableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}

/** A table that scrolls in its frame where it is wider than the page. */
export const TableFrame = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
  <section class="table-frame" tabIndex={0} aria-label={label}>
    {children}
  </section>
)

/** A table that becomes a list of cards on a narrow screen. */
export const Table = <Row,>({ caption, columns, rows, keyOf }: TableProps<Row>) => (
  <TableFrame label={caption}>
    <table>
      <caption class="hidden-text">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, kind }) => (
            <th key={name} scope="col" class={kind}>
              {kind === 'action' ? <span class="hidden-text">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, of, kind }) => (
              <td key={name} class={kind} data-name={kind === 'action' ? '' : name}>
                {of(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </TableFrame>
)
