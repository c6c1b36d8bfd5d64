import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction } from '../lib/api.ts'
import { dialectName } from '../lib/format.ts'
import { Ask, Check, SecretField, TextField } from './form.tsx'

export type Mode = Schemas['MirrorSummary']['mode']

export const MODES: Readonly<Record<Mode, string>> = {
  local: 'The gateway answers alone; nothing goes to the vendor.',
  forward: 'The vendor answers; the gateway only passes calls on and compares.',
  record: 'The vendor answers, and what it accepted is stored here.',
  shadow: 'The gateway answers; the vendor is sent a copy, and both are compared.',
}
const ORDER: readonly Mode[] = ['local', 'forward', 'record', 'shadow']

interface Vendor {
  /** Credentials for the gateway's own calls to the vendor, with their labels. */
  readonly credentials: readonly (readonly [member: string, label: string])[]
  readonly example: string
  /** Whether its SDKs can be made to send an unknown token again. */
  readonly coaxes?: boolean
  /** Whether the gateway may answer in `record` while the vendor is unavailable. */
  readonly fallsBack?: boolean
}

const VENDORS: Readonly<Record<string, Vendor>> = {
  'pusher-beams': {
    credentials: [['secretKey', 'Secret key']],
    example: 'https://<instance id>.pushnotifications.pusher.com',
    coaxes: true,
  },
  pushwoosh: {
    credentials: [['apiToken', 'API token']],
    example: 'https://cp.pushwoosh.com',
    fallsBack: true,
  },
  backendless: { credentials: [['apiKey', 'REST API key']], example: 'https://api.backendless.com' },
  flameup: { credentials: [['apiKey', 'API key']], example: 'https://api.flameup.ai', fallsBack: true },
  mobilefirst: {
    credentials: [
      ['clientId', 'Confidential client’s id'],
      ['clientSecret', 'Its secret'],
    ],
    example: 'https://mfp.example.com:9443',
  },
}

/** The state in the app's document. */
interface Setup {
  readonly upstream?: string
  readonly timeoutMs?: number
  readonly maxPerSecond?: number
  readonly sample?: number
  readonly keepDays?: number
  readonly learn?: boolean
  readonly coax?: boolean
  readonly fallback?: 'fail' | 'local'
}

interface ModeProps {
  readonly app: Schemas['App']
  readonly dialect: string
  readonly mode: Mode
  readonly close: (changed: boolean) => void
}

/** Selects who answers the phones. */
export function ChangeMode({ app, dialect, mode, close }: ModeProps) {
  const vendor = VENDORS[dialect] ?? { credentials: [], example: 'https://…' }
  const [draft, setDraft] = useState(() => draftOf(app, dialect, mode))
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const { busy, problem, run } = useAction()
  const act = () =>
    run(() =>
      answered(
        api.PATCH('/apps/{app}', {
          params: { path: { app: app.id } },
          // Each dialect has its own schema, which the gateway checks.
          body: { dialects: { [dialect]: { mirror: mirrorOf(draft, vendor) } } } as never,
        }),
      ),
    ).then((done) => done && close(true))
  return (
    <Ask
      {...{ title: `Who answers in ${dialectName(dialect)}?`, busy, problem, act }}
      confirm={draft.mode === mode ? 'Save' : `Switch to ${draft.mode}`}
      close={() => close(false)}
    >
      <fieldset class="choices">
        <legend class="label">Mode</legend>
        {ORDER.map((one) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="mode"
              value={one}
              checked={draft.mode === one}
              onChange={() => set({ mode: one })}
            />
            <span>
              <strong>{one}</strong> <span class="muted">{MODES[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {draft.mode !== 'local' && <Upstream {...{ draft, set, vendor }} />}
    </Ask>
  )
}

interface Draft {
  readonly mode: Mode
  readonly upstream: string
  readonly numbers: Readonly<Record<string, string>>
  readonly credentials: Readonly<Record<string, string>>
  readonly learn: boolean
  readonly coax: boolean
  readonly fallsBack: boolean
}

const NUMBERS = [
  ['timeoutMs', 'Timeout, in ms', '10000'],
  ['maxPerSecond', 'Own calls per second', '50'],
  ['sample', 'Share of bodies kept, 0 to 1', '1'],
  ['keepDays', 'Differences kept, in days', '7'],
] as const

interface UpstreamProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly vendor: Vendor
}

const Upstream = ({ draft, set, vendor }: UpstreamProps) => (
  <>
    <TextField
      {...{ label: 'The vendor’s address', value: draft.upstream, required: true }}
      hint={`Where the vendor itself answers, such as ${vendor.example}.`}
      set={(upstream) => set({ upstream })}
    />
    {vendor.credentials.map(([member, label]) => (
      <SecretField
        {...{ key: member, label, value: draft.credentials[member] ?? '' }}
        hint="For the gateway’s own calls to the vendor. Stored encrypted; leave it empty to keep the stored one."
        set={(value) => set({ credentials: { ...draft.credentials, [member]: value } })}
      />
    ))}
    <details>
      <summary>More</summary>
      <div class="grid">
        {NUMBERS.map(([member, label, usual]) => (
          <TextField
            {...{ key: member, label, value: draft.numbers[member] ?? '', placeholder: usual }}
            set={(value) => set({ numbers: { ...draft.numbers, [member]: value } })}
          />
        ))}
      </div>
      <Check
        label="Ask the vendor once for the data of each device"
        on={draft.learn}
        set={(learn) => set({ learn })}
      />
      {vendor.coaxes && (
        <Check label="Tell SDKs to send unknown tokens again" on={draft.coax} set={(coax) => set({ coax })} />
      )}
      {vendor.fallsBack && (
        <Check
          label="Answer here while the vendor is down"
          on={draft.fallsBack}
          set={(fallsBack) => set({ fallsBack })}
        />
      )}
    </details>
  </>
)

function draftOf(app: Schemas['App'], dialect: string, mode: Mode): Draft {
  const setup = app.dialects[dialect as keyof typeof app.dialects] as { mirror?: Setup } | undefined
  const { upstream = '', learn = true, coax = false, fallback, ...rest } = setup?.mirror ?? {}
  const numbers = Object.fromEntries(
    NUMBERS.flatMap(([member]) => (rest[member] === undefined ? [] : [[member, String(rest[member])]])),
  )
  return { mode, upstream, numbers, credentials: {}, learn, coax, fallsBack: fallback === 'local' }
}

function mirrorOf(draft: Draft, vendor: Vendor): object {
  const { mode, upstream, learn, coax, fallsBack } = draft
  if (mode === 'local') return { mode }
  const numbers = NUMBERS.flatMap(([member]) => {
    const text = (draft.numbers[member] ?? '').trim()
    // An invalid number is sent unchanged, so that the gateway reports the error.
    return text === '' ? [] : [[member, Number.isNaN(Number(text)) ? text : Number(text)]]
  })
  const credentials = Object.fromEntries(
    Object.entries(draft.credentials).filter(([, value]) => value !== ''),
  )
  return {
    ...{ mode, upstream: upstream.trim(), learn, ...Object.fromEntries(numbers) },
    ...(vendor.coaxes && { coax }),
    ...(vendor.fallsBack && { fallback: fallsBack ? 'local' : 'fail' }),
    ...(Object.keys(credentials).length > 0 && { credentials }),
  }
}
