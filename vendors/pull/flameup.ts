import { Broken, TooSlow } from '../../src/pull/polite.ts'
import type { Source } from '../../src/pull/source.ts'
import { needed, type Vendor } from '../../src/pull/vendor.ts'
import { pageReader } from '../../src/transfer/text/json.ts'
import { FileFault, START } from '../../src/transfer/text/record.ts'

interface FlameupWay {
  readonly from: string
  readonly workspace: string
  readonly key: string
  /** Fetch each person's devices: for a workspace without the list of all people. */
  readonly people: readonly string[] | null
}

type Slice = Readonly<Record<string, string>>
/** What remains to be fetched: slices of the workspace's list, or the number of the next person. */
type Cursor = { readonly slices: readonly Slice[] } | { readonly person: number }

const NEWLINE = new Uint8Array([10])

/** A Flameup workspace: its whole list in one call, in slices if that takes too long, or person by person. */
function flameup({ from, workspace, key, people }: FlameupWay): Source {
  const base = `${from}/api/v1`
  const first: Cursor = people === null ? { slices: [{}] } : { person: 0 }
  return {
    format: 'flameup-json',
    what: `flameup ${workspace} at ${from}${people === null ? '' : ', person by person'}`,
    // 120 calls per minute and key, some of which other programs need.
    rate: 1.8,
    query: { sourceApp: workspace },
    secrets: () => [key],
    async next(cursor, { polite, spool }) {
      const at = (cursor ?? first) as Cursor
      const fetched = (path: string, slow: boolean) =>
        polite.call(
          () => ({ url: `${base}${path}`, headers: { Authorization: `Bearer ${key}` } }),
          async (body) => {
            spool.begin()
            const rows = await copied(body, (bytes) => spool.write(bytes))
            spool.write(NEWLINE)
            return rows
          },
          { slow },
        )
      if ('person' in at) {
        const person = people?.[at.person]
        if (person === undefined) return { rows: 0, cursor: at, done: true, total: people?.length ?? null }
        const rows = await fetched(`/people/${encodeURIComponent(person)}/devices`, false)
        return { rows, cursor: { person: at.person + 1 }, done: false, total: null }
      }
      const [slice, ...others] = at.slices
      if (slice === undefined) return { rows: 0, cursor: at, done: true, total: null }
      const smaller = halves(slice)
      try {
        const query = new URLSearchParams(slice).toString()
        const path = `/workspaces/${encodeURIComponent(workspace)}/devices${query && `?${query}`}`
        const rows = await fetched(path, smaller !== null)
        return { rows, cursor: { slices: others }, done: others.length === 0, total: null }
      } catch (error) {
        if (!(error instanceof TooSlow) || smaller === null) throw error
        spool.begin()
        return { rows: 0, cursor: { slices: [...smaller, ...others] }, done: false, total: null }
      }
    },
  }
}

/** The parts of a slice that the vendor can list separately. */
function halves(slice: Slice): readonly Slice[] | null {
  if (!('platform' in slice)) return ['ios', 'android', 'web'].map((platform) => ({ ...slice, platform }))
  if (!('is_active' in slice)) return ['true', 'false'].map((is_active) => ({ ...slice, is_active }))
  return null
}

/** Copies a list as it arrives, and counts its rows. An interrupted one is requested again. */
async function copied(body: AsyncIterable<Uint8Array>, write: (bytes: Uint8Array) => void): Promise<number> {
  const reader = pageReader(START, ['devices'], '')
  let rows = 0
  try {
    for await (const bytes of body) {
      rows += reader.push(bytes).length
      write(bytes)
    }
    return rows + reader.end().length
  } catch (error) {
    if (error instanceof FileFault) throw new Broken(error.message)
    throw error
  }
}

export const flameupVendor: Vendor = {
  name: 'flameup',
  is: 'Pulls the devices of a Flameup workspace.',
  args: {
    workspace: { type: 'string', required: true, valueHint: 'ID', description: 'The workspace.' },
    people: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'A file with ids of people, one per line: fetches each person’s devices, for keys that cannot list all people.',
    },
  },
  examples: [
    'pushport pull flameup shop --workspace ws_1',
    'pushport pull flameup shop --workspace ws_1 --people ids.txt',
  ],
  from: 'https://api.flameup.ai',
  secret: ['FLAMEUP_API_KEY', 'a key of the workspace'],
  source: (given) => {
    const { people } = given.args
    const ids = typeof people === 'string' ? linesIn(given.textIn(people)) : null
    return flameup({
      from: given.from,
      workspace: needed(given, 'workspace'),
      key: given.secret,
      people: ids,
    })
  },
}

const linesIn = (text: string): readonly string[] => text.split(/\r?\n/).filter((line) => line !== '')
