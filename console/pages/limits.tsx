import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { plural } from '../lib/format.ts'
import { useMay } from '../lib/who.ts'
import { TextField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Card, Page } from '../parts/page.tsx'

type App = Schemas['App']
type Part = 'limits' | 'retention'
type Values = Readonly<Record<string, number | null>>

interface Row {
  readonly name: string
  readonly label: string
  readonly hint: string
}

const LIMITS: readonly Row[] = [
  {
    name: 'devices',
    label: 'Devices of the app',
    hint: 'New devices beyond the limit are refused. Known devices keep working; replaced ones do not count. Leave it empty for no limit.',
  },
  {
    name: 'devicesPerUser',
    label: 'Devices of one user',
    hint: 'Per dialect. When another device gets the user, the one seen longest ago loses it; it keeps its token and topics. At most 1,000.',
  },
]
const RETENTION: readonly Row[] = [
  {
    name: 'events',
    label: 'History of devices, in days',
    hint: 'At least 7. Older events can neither be undone nor read in the feed. Empty: the gateway’s own setting.',
  },
  { name: 'receipts', label: 'Reports about messages, in days', hint: 'Delivered, opened and the like.' },
  { name: 'messages', label: 'Finished messages, in days', hint: 'With the result for each phone.' },
  {
    name: 'inactiveDevices',
    label: 'Remove a device after this many days without a call',
    hint: 'At least 30. A device that is removed registers again when its app is next opened. Empty: never.',
  },
]

/** An app's limit on devices, and its retention times. */
export function Limits({ app, changed }: AppProps) {
  const params = { path: { app: app.id } }
  const stats = useCall(`stats ${app.id}`, () => api.GET('/apps/{app}/stats', { params }), 15_000)
  return (
    <Page title="Limits and retention">
      <ProblemNotice problem={stats.problem} retry={stats.reload} />
      {stats.data && <Usage limit={app.limits.devices} used={stats.data.devices.inUse} />}
      <Bounds
        key={`limits ${JSON.stringify(app.limits)}`}
        title="Limits"
        lead="The maximum number of devices."
        {...{ app, changed, part: 'limits', rows: LIMITS }}
      />
      <Bounds
        key={`retention ${JSON.stringify(app.retention)}`}
        title="Retention"
        lead="How long data is kept. If the gateway’s own setting is shorter, it applies."
        {...{ app, changed, part: 'retention', rows: RETENTION }}
      />
    </Page>
  )
}

function Usage({ limit, used }: { limit: number | null; used: number }) {
  const full = limit !== null && used >= limit
  const title =
    limit === null
      ? `${plural(used, 'device')} in use, no limit`
      : `${used} of ${plural(limit, 'device')} in use`
  return (
    <Notice kind={full ? 'bad' : 'info'} title={title}>
      {full && <p>New devices are refused. Raise the limit, or remove devices.</p>}
    </Notice>
  )
}

const textOf = (value: number | null | undefined) => (value == null ? '' : String(value))

function Bounds({
  app,
  changed,
  part,
  rows,
  ...card
}: Pick<AppProps, 'app' | 'changed'> & {
  readonly part: Part
  readonly rows: readonly Row[]
  readonly title: string
  readonly lead: string
}) {
  const now: Values = app[part]
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(rows.map(({ name }) => [name, textOf(now[name])])),
  )
  const { busy, problem, run } = useAction()
  const may = useMay('admin')
  const differing = rows.filter(({ name }) => texts[name] !== textOf(now[name]))
  const valid = differing.every(({ name }) => /^[0-9]{0,10}$/.test(texts[name] ?? ''))
  const save = () => {
    const change = Object.fromEntries(
      differing.map(({ name }) => [name, texts[name] === '' ? null : Number(texts[name])]),
    )
    const body: Partial<Record<Part, Partial<App[Part]>>> = { [part]: change }
    return run(() => answered(api.PATCH('/apps/{app}', { params: { path: { app: app.id } }, body }))).then(
      (done) => done && changed(),
    )
  }
  return (
    <Card {...card}>
      <ProblemNotice problem={problem} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        {rows.map(({ name, label, hint }) => (
          <TextField
            key={name}
            {...{ label, hint, value: texts[name] ?? '' }}
            set={(text) => setTexts({ ...texts, [name]: text.trim() })}
          />
        ))}
        <button type="submit" class="button" disabled={busy || !may || !valid || differing.length === 0}>
          Save {card.title.toLowerCase()}
        </button>
      </form>
    </Card>
  )
}
