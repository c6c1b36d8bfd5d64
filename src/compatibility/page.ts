import { groupedBy } from '../domain/groups.ts'
import { type Block, htmlPage, markdownPage } from './blocks.ts'
import {
  type DialectReport,
  type Endpoint,
  EVIDENCE,
  fails,
  passes,
  type Report,
  type ReportedRow,
  type Run,
  unsupported,
} from './report.ts'

const GRADES = { sdk: 'SDK', example: 'examples', recorded: 'recorded', contract: 'contract' } as const

const runName = ({ runtime, engine }: Run): string => (engine === '' ? runtime : `${runtime}, ${engine}`)
const quantity = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** The runs to which a result applies, or the runs that are missing. */
function where(report: Report, statusOf: (run: string) => string | undefined): string {
  const said = groupedBy(report.runs, ({ id }) => statusOf(id) ?? 'untested')
  const [only] = [...said.keys()]
  if (said.size === 1 && only !== undefined && only !== 'passes') return only
  return [...said]
    .map(([status, runs]) => {
      const names = runs.map(({ engine, runtime }) => engine || runtime).join(', ')
      return status === 'passes' ? names : `${status}: ${names}`
    })
    .join('; ')
}

function statusIn({ results }: Endpoint, run: string): string | undefined {
  const statuses = results.filter((one) => one.run === run).map(({ status }) => status)
  return (['fails', 'passes', 'unsupported'] as const).find((one) => statuses.includes(one))
}

/** Who called an endpoint: clients by name and version, and the contract. */
function callers({ clients }: DialectReport, { results }: Endpoint): string {
  const of = new Set(results.filter(({ status }) => status !== 'unsupported').map(({ client }) => client))
  const named = clients.filter(({ id }) => of.has(id)).map(({ name, version }) => `${name} ${version}`)
  return [...named, ...(of.has(null) ? ['contract'] : [])].join('; ')
}

function overview({ dialects }: Report): Block {
  const rows = dialects.map(({ title, endpoints, rows, clients }) => {
    const offered = endpoints.filter((one) => !unsupported(one))
    const held = rows.filter(({ results }) => allOf(results, 'passes'))
    const refused = rows.filter(({ results }) => allOf(results, 'unsupported'))
    return [
      title,
      `${offered.filter(passes).length} of ${offered.length}`,
      `${held.length} of ${rows.length - refused.length}`,
      String(clients.length),
    ]
  })
  return { head: ['dialect', 'endpoints', 'rows', 'clients'], rows }
}

const allOf = (results: ReportedRow['results'], status: string): boolean =>
  Object.values(results).length > 0 && Object.values(results).every((one) => one === status)

function clientsOf(report: Report, dialect: DialectReport): readonly Block[] {
  if (dialect.clients.length === 0) return []
  const rows = dialect.clients.map(({ id, name, version, evidence }) => {
    const called = dialect.endpoints.filter(({ results }) => results.some(({ client }) => client === id))
    const statusOf = (run: string) => {
      const own = called.flatMap(({ results }) =>
        results.filter((one) => one.client === id && one.run === run),
      )
      if (own.length === 0) return undefined
      return own.some(({ status }) => status === 'fails') ? 'fails' : 'passes'
    }
    return [
      `${name} ${version}`,
      GRADES[evidence],
      quantity(called.length, 'endpoint'),
      where(report, statusOf),
    ]
  })
  return [{ head: ['client', 'evidence', 'calls', 'passes on'], rows }]
}

const withContract = (reason: string, contract: string | null): string =>
  contract === null || reason.includes(contract) ? reason : `${reason} (${contract})`

function dialectBlocks(report: Report, dialect: DialectReport): readonly Block[] {
  const offered = dialect.endpoints.filter((one) => !unsupported(one))
  const without = [
    ...dialect.endpoints
      .filter(unsupported)
      .map(({ method, path, reason }) => `\`${method} ${path}\`: ${reason ?? 'refused'}`),
    ...dialect.rows
      .filter(({ results }) => allOf(results, 'unsupported'))
      .map(({ name, reason, contract }) => `${name}: ${withContract(reason ?? '', contract)}`),
  ]
  const broken = dialect.rows.filter(({ results }) => Object.values(results).includes('fails'))
  const held = dialect.rows.filter(({ results }) => allOf(results, 'passes')).length
  const refused = dialect.rows.filter(({ results }) => allOf(results, 'unsupported')).length
  return [
    { heading: dialect.title, level: 2 },
    ...clientsOf(report, dialect),
    { heading: 'Endpoints', level: 3 },
    {
      head: ['endpoint', 'passes on', 'called by'],
      rows: offered.map((one) => [
        `\`${one.method} ${one.path}\``,
        where(report, (run) => statusIn(one, run)),
        callers(dialect, one),
      ]),
    },
    ...section(
      'Differs on purpose',
      dialect.differences.map(
        ({ what, reason, contract }) => `\`${what}\`: ${withContract(reason, contract)}`,
      ),
    ),
    ...section('Not supported', without),
    { heading: 'Rows of the contract', level: 3 },
    {
      text: `${held} of ${quantity(dialect.rows.length, 'row')} pass wherever they ran${refused > 0 ? `, ${refused} are not supported` : ''}; each is in the JSON.`,
    },
    ...(broken.length === 0
      ? []
      : [
          {
            items: broken.map(({ name, reason }) =>
              reason === null ? `${name}: fails` : `${name}: ${reason}`,
            ),
          },
        ]),
  ]
}

const section = (heading: string, items: readonly string[]): readonly Block[] =>
  items.length === 0 ? [] : [{ heading, level: 3 }, { items }]

function blocksOf(report: Report): readonly Block[] {
  const { target, version, runs } = report
  const failing = report.dialects.flatMap(({ endpoints }) => endpoints).filter(fails).length
  return [
    { heading: 'Compatibility', level: 1 },
    {
      text:
        target === null
          ? 'What works according to Pushport’s test suites. `npm run compatibility` generates this page, `compatibility.json` (its schema is `compatibility.schema.json`) and the badges from the calls that the tests made; nothing is written by hand. An endpoint that no test has called successfully is listed as untested.'
          : `How ${target} answered every row of the contracts: \`pushport conformance --target ${target} --report\`.`,
    },
    ...(failing > 0 ? [{ text: `${quantity(failing, 'endpoint')} failed.` }] : []),
    {
      head: ['run', target === null ? 'tests' : 'rows', 'date'],
      rows: runs.map((run) => [
        runName(run),
        run.failed > 0 ? `${run.passed} passed, ${run.failed} failed` : `${run.passed} passed`,
        run.date,
      ]),
    },
    overview(report),
    {
      items: [
        ...Object.entries(EVIDENCE).map(
          ([name, words]) => `${GRADES[name as keyof typeof GRADES]}: ${words}.`,
        ),
        `Pushport ${version}.`,
      ],
    },
    ...report.dialects.flatMap((dialect) => dialectBlocks(report, dialect)),
  ]
}

export const markdownReport = (report: Report): string => markdownPage(blocksOf(report))
export const htmlReport = (report: Report): string => htmlPage('Compatibility', blocksOf(report))
