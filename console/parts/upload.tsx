import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, useAction } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, KNOWN_DIALECTS, size } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { SelectField } from './form.tsx'
import { Icon } from './icon.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { Card } from './page.tsx'

const FORMATS = [
  ['', 'Detect automatically'],
  ...(['ndjson', 'csv', 'mobilefirst-json', 'flameup-json', 'pushwoosh-csv', 'backendless-csv'] as const).map(
    (one) => [one, one] as const,
  ),
  ...(['onesignal-csv', 'parse-json', 'sns-csv', 'ups-json', 'airship-json', 'azure-xml'] as const).map(
    (one) => [one, one] as const,
  ),
] as const

/** A file of devices, and its import options. */
export interface Chosen {
  readonly file: File
  readonly format: string
  readonly dialect: string
}

/** The file of the last dry run, which can then be imported; it is dropped when the page is left. */
let looked: { readonly id: string; readonly chosen: Chosen } | undefined
export const lookedAt = (id: string): Chosen | undefined => (looked?.id === id ? looked.chosen : undefined)

/** Uploads a file, and opens the page of its import. */
export function useUpload(app: string) {
  const { route } = useLocation()
  const { busy, problem, run } = useAction()
  const send = ({ file, format, dialect }: Chosen, dryRun: boolean) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/imports', {
          params: {
            path: { app },
            query: {
              dryRun,
              ...(format && { format: format as never }),
              ...(dialect && { dialect: dialect as never }),
            },
          },
          body: file as never,
          bodySerializer: (body: unknown) => body as File,
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
      ),
    ).then((answer) => {
      if (!answer) return
      if (dryRun) looked = { id: answer.id, chosen: { file, format, dialect } }
      route(appPath(app, 'imports', answer.id))
    })
  return { busy, problem, send }
}

/** Accepts a dropped or selected file. */
export function Upload({ app }: { app: AppProps['app'] }) {
  const [format, setFormat] = useState('')
  const [dialect, setDialect] = useState(Object.keys(app.dialects)[0] ?? '')
  const [file, setFile] = useState<File>()
  const { busy, problem, send } = useUpload(app.id)
  const may = useMay('operate')
  if (!may) return <Notice kind="info" title="Importing needs the role operate" />
  const go = (dryRun: boolean) => file && send({ file, format, dialect }, dryRun)
  return (
    <Card title="Import a file">
      <ProblemNotice problem={problem} />
      <DropZone file={file} take={setFile} />
      <div class="grid">
        <SelectField label="Format" value={format} set={setFormat} of={FORMATS} />
        <SelectField
          label="Dialect"
          value={dialect}
          set={setDialect}
          of={KNOWN_DIALECTS.filter((one) => one in app.dialects).map((one) => [one, dialectName(one)])}
        />
      </div>
      <div class="form-actions">
        <button type="button" class="button primary" disabled={!file || busy} onClick={() => go(true)}>
          {busy ? 'Sending…' : 'Dry run'}
        </button>
        <button type="button" class="button" disabled={!file || busy} onClick={() => go(false)}>
          Import
        </button>
        <p class="hint">A dry run changes nothing and names every row that would be rejected.</p>
      </div>
    </Card>
  )
}

function DropZone({ file, take }: { file: File | undefined; take: (file: File | undefined) => void }) {
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  return (
    <label
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const dropped = event.dataTransfer?.files[0]
        if (dropped) take(dropped)
      }}
    >
      <Icon name="imports" />
      <span>
        <strong>
          <bdi>{file ? file.name : 'Drop a file here, or choose one'}</bdi>
        </strong>{' '}
        <span class="muted">{file ? size(file.size) : 'CSV, JSON or XML, gzipped or not'}</span>
      </span>
      <input
        ref={input}
        type="file"
        class="hidden-text"
        aria-label="File"
        onChange={({ currentTarget }) => take(currentTarget.files?.[0])}
      />
    </label>
  )
}
