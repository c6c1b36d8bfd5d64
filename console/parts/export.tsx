import { useState } from 'preact/hooks'
import { answered, api, useAction } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, KNOWN_PLATFORMS, KNOWN_PROVIDERS, platformName, providerName } from '../lib/format.ts'
import { save } from '../lib/save.ts'
import { useMay } from '../lib/who.ts'
import { Check, SelectField, TextField } from './form.tsx'
import { ProblemNotice } from './notice.tsx'
import { Card } from './page.tsx'

const FORMATS = [
  ...([['ndjson', 'Everything, as JSON lines'] as const, ['csv', 'A table'] as const] as const),
  ...(['onesignal-ndjson', 'braze-ndjson', 'parse-json', 'sns-csv', 'posthog-csv'] as const).map(
    (one) => [one, one] as const,
  ),
]

/** Formats that require the other tool's own app names: the format, the parameter, the field's label. */
const APP_IDS = [
  ['braze-ndjson', 'androidAppId', 'Braze’s id of the Android app'],
  ['braze-ndjson', 'iosAppId', 'Braze’s id of the iOS app'],
  ['braze-ndjson', 'webAppId', 'Braze’s id of the website'],
] as const
/** Formats that contain the tokens of one push service. */
const OF_ONE_SERVICE = ['sns-csv', 'posthog-csv']

const among = (all: string, names: readonly string[], named: (name: string) => string) => [
  ['', all] as const,
  ...names.map((one) => [one, named(one)] as const),
]

/** Exports all devices, or the filtered ones, as a file; a script is better for very many. */
export function Export({ app }: { app: AppProps['app'] }) {
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({ format: 'ndjson' })
  const { busy, problem, run } = useAction()
  const may = useMay('operate')
  const { format = '' } = chosen
  const of = (name: string) => ({
    value: chosen[name] ?? '',
    set: (value: string) => setChosen({ ...chosen, [name]: value }),
  })
  const ids = APP_IDS.filter(([form]) => form === format)
  const hidden = [
    ...APP_IDS.filter((one) => !ids.includes(one)).map(([, name]) => name),
    ...(format === 'csv' ? [] : ['excel']),
  ] as readonly string[]
  const query = Object.fromEntries(
    Object.entries(chosen).filter(([name, value]) => value !== '' && !hidden.includes(name)),
  )
  const download = () =>
    run(() =>
      answered(
        api.GET('/apps/{app}/export', {
          params: { path: { app: app.id }, query: query as never },
          parseAs: 'blob',
        }),
      ),
    ).then((file) => file && save(`devices-${app.id}.${format.split('-').pop()}`, file as unknown as Blob))
  if (!may) return null
  const services = KNOWN_PROVIDERS.map((one) => [one, providerName(one)] as const)
  return (
    <Card title="Export" lead="Devices with their push tokens, for another tool or as your own copy.">
      <ProblemNotice problem={problem} />
      <div class="grid three">
        <SelectField label="As" {...of('format')} of={FORMATS} />
        <SelectField
          label="Devices of"
          {...of('dialect')}
          of={among('All dialects', Object.keys(app.dialects), dialectName)}
        />
        <SelectField
          label="On"
          {...of('platform')}
          of={among('All platforms', KNOWN_PLATFORMS, platformName)}
        />
        <SelectField
          label="Push service"
          {...of('provider')}
          of={[['', OF_ONE_SERVICE.includes(format) ? 'Choose one' : 'All push services'], ...services]}
        />
        <SelectField
          label="State"
          {...of('active')}
          of={[
            ['', 'Active and inactive'],
            ['true', 'Active'],
            ['false', 'Inactive'],
          ]}
        />
        {ids.map(([, name, label]) => (
          <TextField key={name} label={label} {...of(name)} />
        ))}
      </div>
      {format === 'csv' && (
        <Check
          label="Safe for spreadsheets: no cell is read as a formula"
          on={chosen.excel === 'safe'}
          set={(on) => of('excel').set(on ? 'safe' : '')}
        />
      )}
      <div class="form-actions">
        <button type="button" class="button" disabled={busy} onClick={download}>
          {busy ? 'Fetching…' : 'Download'}
        </button>
        <p class="hint">With more than about 100,000 devices, use a script: docs/export.md.</p>
      </div>
    </Card>
  )
}
