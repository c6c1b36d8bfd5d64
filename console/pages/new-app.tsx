import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, useAction } from '../lib/api.ts'
import { DIALECTS } from '../lib/dialects.ts'
import { KNOWN_DIALECTS } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { TextField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Card, Page } from '../parts/page.tsx'
import { Made } from './made.tsx'

type Setups = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export function NewApp() {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  const [made, setMade] = useState<{ id: string; dialects: Setups }>()
  const { busy, problem, run } = useAction()
  const { route } = useLocation()
  const may = useMay('admin')

  async function create() {
    const app = await run(() =>
      answered(api.POST('/apps', { body: { name, dialects: setupsOf(chosen, given) } as never })),
    )
    if (app) setMade(app as { id: string; dialects: Setups })
  }
  if (made) return <Made app={made} next={() => route(appPath(made.id, 'connect'))} />
  return (
    <Page
      title="New app"
      lead="One of your apps, in every vendor’s API that its builds use."
      back={{ href: '/console/', name: 'All apps' }}
    >
      {!may && <Notice kind="info" title="Creating apps needs the role admin" />}
      <form
        class="narrow"
        onSubmit={(event) => {
          event.preventDefault()
          create()
        }}
      >
        <ProblemNotice problem={problem} />
        <Card>
          <TextField
            label="Name"
            hint="For you and your colleagues; phones never see it."
            value={name}
            set={setName}
            required
          />
          <fieldset>
            <legend class="label">Whose SDK do the builds contain?</legend>
            <div class="choices">
              {KNOWN_DIALECTS.map((dialect) => (
                <label key={dialect} class="choice">
                  <input
                    type="checkbox"
                    checked={chosen.includes(dialect)}
                    onChange={() =>
                      setChosen(
                        chosen.includes(dialect)
                          ? chosen.filter((one) => one !== dialect)
                          : [...chosen, dialect],
                      )
                    }
                  />
                  <span>
                    <strong>{DIALECTS[dialect]?.name}</strong>
                    <span class="muted">{DIALECTS[dialect]?.platforms}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
          {chosen.map((dialect) => {
            const known = DIALECTS[dialect]
            return known?.id ? (
              <TextField
                key={dialect}
                label={`${known.name}: ${known.id.label}`}
                hint="From your shipped build, so that it needs no new release. Leave it empty to generate one for a trial."
                value={given[dialect] ?? ''}
                set={(value) => setGiven({ ...given, [dialect]: value })}
                mono
              />
            ) : null
          })}
        </Card>
        <div class="form-actions">
          <button type="submit" class="button primary" disabled={busy || !may}>
            {busy ? 'Creating…' : 'Create the app'}
          </button>
          <p class="hint">Omitted keys are generated, and shown once.</p>
        </div>
      </form>
    </Page>
  )
}

function setupsOf(chosen: readonly string[], given: Readonly<Record<string, string>>): Setups {
  return Object.fromEntries(
    chosen.map((dialect) => {
      const id = DIALECTS[dialect]?.id?.member
      const value = given[dialect]?.trim()
      return [dialect, id && value ? { [id]: value } : {}]
    }),
  )
}
