import { useState } from 'preact/hooks'
import { answered, api, useAction } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName } from '../lib/format.ts'
import { save } from '../lib/save.ts'
import { useMay } from '../lib/who.ts'
import { SelectField } from './form.tsx'
import { ProblemNotice } from './notice.tsx'
import { Card } from './page.tsx'

const FORMATS = [
  ...([['ndjson', 'Everything, a line of JSON each'] as const, ['csv', 'A table'] as const] as const),
  ...(['onesignal-ndjson', 'braze-ndjson', 'parse-json', 'sns-csv', 'posthog-csv'] as const).map(
    (one) => [one, one] as const,
  ),
]

/** All devices as a file; very many of them are better fetched by a script. */
export function Export({ app }: { app: AppProps['app'] }) {
  const [format, setFormat] = useState('ndjson')
  const [dialect, setDialect] = useState('')
  const { busy, problem, run } = useAction()
  const may = useMay('operate')
  const download = () =>
    run(() =>
      answered(
        api.GET('/apps/{app}/export', {
          params: {
            path: { app: app.id },
            query: { format: format as never, ...(dialect && { dialect: dialect as never }) },
          },
          parseAs: 'blob',
        }),
      ),
    ).then((file) => file && save(`devices-${app.id}.${format.split('-').pop()}`, file as unknown as Blob))
  if (!may) return null
  return (
    <Card title="Export" lead="Every device with its push token, for another tool or as a copy of your own.">
      <ProblemNotice problem={problem} />
      <div class="grid three">
        <SelectField label="As" value={format} set={setFormat} of={FORMATS} />
        <SelectField
          label="Devices of"
          value={dialect}
          set={setDialect}
          of={[
            ['', 'All dialects'],
            ...Object.keys(app.dialects).map((one) => [one, dialectName(one)] as const),
          ]}
        />
      </div>
      <div class="form-actions">
        <button type="button" class="button" disabled={busy} onClick={download}>
          {busy ? 'Fetching…' : 'Download'}
        </button>
        <p class="hint">With more than some 100,000 devices, fetch it by a script: docs/export.md.</p>
      </div>
    </Card>
  )
}
