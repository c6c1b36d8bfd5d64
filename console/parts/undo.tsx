import { useState } from 'preact/hooks'
import { type Answer, answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import { number, plural } from '../lib/format.ts'
import { useMay } from '../lib/who.ts'
import { Ask, Field } from './form.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { Badge, Card, Facts } from './page.tsx'
import { Table } from './table.tsx'
import { Time } from './text.tsx'

type Undone = Schemas['Undo']

const WHY: Readonly<Record<string, string>> = {
  live_since: 'the phone has called since',
  later_import: 'a later import contained it, too',
  changed_since: 'it has been changed since',
  called_since: 'the phone has called with the token since',
  token_erased: 'what it had is no longer stored',
  value_not_kept: 'the former value is not stored',
  proved_user: 'its user was proved',
  erased: 'it was erased with its user',
  gone: 'it no longer exists',
  not_undoable: 'events of this kind cannot be undone',
}
const whyKept = (reason: string): string => WHY[reason] ?? reason.replaceAll('_', ' ')

/** What an undo would revert or has reverted, and what stays. */
const Counts = ({ of }: { of: Undone }) => (
  <>
    <Facts
      of={[
        [of.dryRun ? 'Devices to delete' : 'Devices deleted', number(of.removed)],
        [of.dryRun ? 'Devices to restore' : 'Devices restored', number(of.restored)],
        [of.dryRun ? 'Other events to undo' : 'Other events undone', number(of.undone)],
        ['Unchanged', number(of.kept)],
      ]}
    />
    {Object.entries(of.reasons).map(([reason, count]) => (
      <p key={reason} class="hint">
        {number(count)}: {whyKept(reason)}
      </p>
    ))}
  </>
)

interface AskUndoProps {
  readonly title: string
  /** A dry run (`true`), or the undo itself. */
  readonly call: (dryRun: boolean) => Promise<Undone>
  readonly close: (done: boolean) => void
}

/** Asks for confirmation with the results of a dry run, and what cannot be undone. */
function AskUndo({ title, call, close }: AskUndoProps) {
  const look = useCall(title, async () => ({ data: await call(true), response: new Response() }))
  const { busy, problem, run } = useAction()
  const act = () => run(() => call(false)).then((done) => done && close(true))
  return (
    <Ask
      {...{ title, confirm: 'Undo it', danger: true, busy, act }}
      problem={problem ?? look.problem}
      close={() => close(false)}
    >
      {look.data ? <Counts of={look.data} /> : !look.problem && <p class="muted">Looking…</p>}
    </Ask>
  )
}

/** The button that undoes an import. */
export function UndoImport({ app, id }: { app: string; id: string }) {
  const [asking, setAsking] = useState(false)
  const [done, setDone] = useState(false)
  const may = useMay('operate')
  if (!may) return null
  const call = (dryRun: boolean) =>
    answered(
      api.POST('/apps/{app}/imports/{import}/undo', {
        params: { path: { app, import: id }, query: { dryRun } },
      }),
    ) as Promise<Undone>
  return (
    <>
      {done ? (
        <span role="status">Undone as far as possible: see Migration.</span>
      ) : (
        <button type="button" class="button danger" onClick={() => setAsking(true)}>
          Undo the import
        </button>
      )}
      {asking && (
        <AskUndo
          {...{ title: 'Undo this import?', call }}
          close={(taken) => {
            setAsking(false)
            setDone(taken)
          }}
        />
      )}
    </>
  )
}

/** All changes within a period, and the undos so far. */
export function Undos({ app }: { app: string }) {
  const params = { path: { app } }
  const { data, problem, reload } = useCall(
    `undos ${app}`,
    () => api.GET('/apps/{app}/undos', { params: { ...params, query: { limit: 20 } } }),
    10_000,
  )
  const done = data?.undos.filter(({ dryRun }) => !dryRun) ?? []
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [asking, setAsking] = useState(false)
  const may = useMay('admin')
  const call = (dryRun: boolean) =>
    answered(
      api.POST('/apps/{app}/undos', {
        params,
        body: {
          from: new Date(from).toISOString(),
          ...(until && { until: new Date(until).toISOString() }),
          dryRun,
        },
      }),
    ) as Promise<Undone>
  return (
    <Card
      title="Undo"
      lead="Undoes the events of a period, except where data has changed since. An erasure cannot be undone."
    >
      <ProblemNotice problem={problem} />
      {may && (
        <form
          class="toolbar"
          onSubmit={(event) => {
            event.preventDefault()
            setAsking(true)
          }}
        >
          <Moment label="From" value={from} set={setFrom} required />
          <Moment label="To" value={until} set={setUntil} />
          <button type="submit" class="button">
            Preview
          </button>
        </form>
      )}
      {done.length > 0 && <Done of={done} />}
      {asking && (
        <AskUndo
          {...{ title: 'Undo the events of this period?', call }}
          close={() => {
            setAsking(false)
            reload()
          }}
        />
      )}
    </Card>
  )
}

interface MomentProps {
  readonly label: string
  readonly value: string
  readonly set: (value: string) => void
  readonly required?: boolean
}
const Moment = ({ label, value, set, required = false }: MomentProps) => (
  <Field label={label}>
    {(id) => (
      <input
        {...{ id, type: 'datetime-local', step: 1, required, value }}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    )}
  </Field>
)

const Done = ({ of }: { of: readonly Undone[] }) => (
  <Table<Undone>
    caption="Undos"
    rows={of}
    keyOf={({ id }) => id}
    columns={[
      { name: 'When', of: ({ createdAt }) => <Time at={createdAt} /> },
      { name: 'What', of: ({ cause, from }) => cause ?? <Time at={from} /> },
      {
        name: 'State',
        of: ({ state }) => <Badge kind={state === 'completed' ? 'good' : 'accent'}>{state}</Badge>,
      },
      {
        ...{ name: 'Undone', kind: 'number' },
        of: ({ removed, restored, undone }) => number(removed + restored + undone),
      },
      { name: 'Unchanged', kind: 'number', of: ({ kept }) => number(kept) },
    ]}
  />
)

/** Undoes one event of a device, after showing what conflicts with it. */
export function UndoEvent({ app, event, changed }: { app: string; event: string; changed: () => void }) {
  const [asking, setAsking] = useState(false)
  const params = { path: { app, event } }
  const { busy, problem, run } = useAction()
  const undo = (dryRun: boolean, force = false) =>
    api.POST('/apps/{app}/events/{event}/undo', { params: { ...params, query: { dryRun, force } } })
  const act = (force: boolean) =>
    run(() => answered(undo(false, force))).then((done) => {
      if (!done) return
      setAsking(false)
      changed()
    })
  return (
    <>
      <button type="button" class="button small" onClick={() => setAsking(true)}>
        Undo
      </button>
      {asking && (
        <AskEvent {...{ event, busy, problem, act }} look={() => undo(true)} close={() => setAsking(false)} />
      )}
    </>
  )
}

interface AskEventProps {
  readonly event: string
  readonly busy: boolean
  readonly problem: Parameters<typeof ProblemNotice>[0]['problem']
  readonly look: () => Promise<Answer<Schemas['UndoneEvent']>>
  readonly act: (force: boolean) => void
  readonly close: () => void
}

function AskEvent({ event, busy, problem, look, act, close }: AskEventProps) {
  const { data, problem: refused } = useCall(`would ${event}`, look)
  const conflicts = data?.conflicts ?? []
  const undone = data !== undefined && data.events > 0
  const forced = !undone && conflicts.length > 0 && conflicts.every(({ reason }) => reason === 'called_since')
  const can = undone || forced
  return (
    <Ask
      {...{ title: 'Undo this event?', confirm: forced ? 'Undo it anyway' : 'Undo it' }}
      {...{ danger: true, busy: busy || !can, problem: problem ?? refused, close }}
      act={() => can && act(forced)}
    >
      {conflicts.length > 0 && (
        <p>{undone ? 'It can be, except for what has changed since:' : 'This stays as it is:'}</p>
      )}
      {conflicts.map((conflict) => (
        <Stays key={conflict.path} of={conflict} />
      ))}
      {data && conflicts.length === 0 && (
        <p>
          {undone
            ? `It can be: ${plural(data.events, 'event')}, and nobody has changed anything since.`
            : 'It has already been undone.'}
        </p>
      )}
    </Ask>
  )
}

const text = (value: unknown): string => {
  if (value === null || value === undefined) return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A part of the device that stays, with its value and the former one. */
const Stays = ({ of: { path, reason, now, would } }: { of: Schemas['UndoneEvent']['conflicts'][number] }) => (
  <Notice kind="warn" title={`${path}: ${whyKept(reason)}`}>
    <p>
      Now {text(now)}; it would be {text(would)}.
    </p>
  </Notice>
)
