import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, type Schemas, useAction } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { bodyOf, type Draft, TO } from '../lib/draft.ts'
import { dialectName, number, platformName, plural, providerName } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Field, SelectField, TextField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Card, Facts, Page } from '../parts/page.tsx'
import { Code } from '../parts/text.tsx'

type Rehearsal = Schemas['Rehearsal']

/** Composes a message, and shows its recipients and the resulting pushes before it is sent. */
export function Compose({ app }: AppProps) {
  const { query, route } = useLocation()
  const [draft, setDraft] = useState<Draft>({
    ...{ title: '', body: '', link: '', image: '', data: '', at: '' },
    ...{ to: query.to ?? 'all', value: query.value ?? '' },
  })
  const [rehearsal, setRehearsal] = useState<Rehearsal>()
  const { busy, problem, run } = useAction()
  const may = useMay('operate')
  const write = (name: keyof Draft) => ({
    value: draft[name],
    set: (value: string) => {
      setDraft({ ...draft, [name]: value })
      setRehearsal(undefined)
    },
  })
  const call = (dryRun: boolean) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/messages', {
          params: { path: { app: app.id }, query: { dryRun } },
          body: bodyOf(draft) as never,
        }),
      ),
    )
  const look = () => call(true).then((answer) => answer && setRehearsal(answer as Rehearsal))
  const send = () =>
    call(false).then(
      (answer) => answer && 'id' in answer && route(appPath(app.id, 'messages', String(answer.id))),
    )
  return (
    <Page
      title="New message"
      lead="Start with a dry run: it shows who would get the message, and what each phone would receive."
      back={{ href: appPath(app.id, 'messages'), name: 'Messages' }}
    >
      {!may && <Notice kind="info" title="Sending needs the role operate" />}
      <ProblemNotice problem={problem} />
      <form
        class="two-sides"
        onSubmit={(event) => {
          event.preventDefault()
          look()
        }}
      >
        <div class="stack">
          <Written write={write} to={draft.to} />
          <div class="form-actions">
            <button type="submit" class={rehearsal ? 'button' : 'button primary'} disabled={busy || !may}>
              Dry run
            </button>
            <button type="button" class="button primary" disabled={busy || !rehearsal || !may} onClick={send}>
              {rehearsal
                ? `${draft.at ? 'Schedule for' : 'Send to'} ${plural(rehearsal.audience.phones, 'phone')}`
                : 'Send'}
            </button>
          </div>
        </div>
        <div class="stack" aria-live="polite">
          {may && <TestDevice app={app.id} body={() => bodyOf({ ...draft, at: '' })} device={query.device} />}
          {rehearsal ? (
            <Rehearsed of={rehearsal} />
          ) : (
            <Card title="Dry run">
              <p class="muted">Nothing is sent. It counts the phones and shows the payloads.</p>
            </Card>
          )}
        </div>
      </form>
    </Page>
  )
}

interface WrittenProps {
  readonly to: string
  readonly write: (name: keyof Draft) => { value: string; set: (value: string) => void }
}

const Written = ({ write, to }: WrittenProps) => (
  <>
    <Card>
      <TextField label="Title" {...write('title')} />
      <TextField label="Text" rows={3} {...write('body')} />
      <TextField
        label="Link"
        hint="What a tap opens: https://…, or your app’s own link."
        {...write('link')}
      />
      <TextField label="Image" hint="The URL of a picture; optional." {...write('image')} />
      <TextField
        label="Data"
        hint="JSON for the app, such as {&quot;order&quot;: 17}."
        rows={2}
        mono
        {...write('data')}
      />
    </Card>
    <Card>
      <SelectField label="To" of={TO} {...write('to')} />
      {to !== 'all' && (
        <TextField label="Which" hint="One per line, or separated by commas." rows={2} {...write('value')} />
      )}
      <Field label="When" hint="In your time zone; leave it empty to send immediately.">
        {(id, described) => (
          <input
            {...{ id, type: 'datetime-local', 'aria-describedby': described }}
            value={write('at').value}
            onInput={({ currentTarget }) => write('at').set(currentTarget.value)}
          />
        )}
      </Field>
    </Card>
  </>
)

interface TestProps {
  readonly app: string
  readonly body: () => Record<string, unknown>
  readonly device: string | undefined
}

/** Sends the message to one device immediately, as a test. */
function TestDevice({ app, body, device = '' }: TestProps) {
  const [id, setId] = useState(device)
  const [sent, setSent] = useState<string>()
  const { busy, problem, run } = useAction()
  const send = () =>
    run(() =>
      answered(
        api.POST('/apps/{app}/messages', {
          params: { path: { app } },
          body: { ...body(), audience: { devices: [id.trim()] } } as never,
        }),
      ),
    ).then((answer) => answer && 'id' in answer && setSent(String(answer.id)))
  return (
    <Card title="Test device" lead="Sends the message to one device, immediately.">
      <ProblemNotice problem={problem} />
      <TextField
        label="Device id"
        hint="“Send it a message” on a device’s page fills this in."
        value={id}
        set={setId}
      />
      <div class="form-actions">
        <button type="button" class="button" disabled={busy || id.trim() === ''} onClick={send}>
          Send a test
        </button>
        <span role="status">
          {sent && <a href={appPath(app, 'messages', sent)}>Sent: see what became of it</a>}
        </span>
      </div>
    </Card>
  )
}

const Rehearsed = ({ of: { audience, payloads, ignored } }: { of: Rehearsal }) => (
  <>
    <Card title={`${audience.complete ? '' : 'At least '}${plural(audience.phones, 'phone')}`}>
      <Facts
        of={[
          ...Object.entries(audience.byPlatform).map(
            ([one, count]) => [platformName(one), number(count)] as const,
          ),
          ...Object.entries(audience.byProvider).map(
            ([one, count]) => [providerName(one), number(count)] as const,
          ),
        ]}
      />
      {ignored.length > 0 && <p class="hint">Not understood by every service: {ignored.join(', ')}.</p>}
    </Card>
    {payloads.map((one) => (
      <Card
        key={`${one.dialect} ${one.provider} ${one.platform}`}
        title={`${providerName(one.provider)} · ${dialectName(one.dialect)}`}
        lead={platformName(one.platform)}
      >
        {one.fault ? (
          <Notice kind="warn" title={one.fault} />
        ) : (
          <Code text={pretty(one.body)} what="payload" />
        )}
      </Card>
    ))}
  </>
)

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
