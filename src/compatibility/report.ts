import * as z from 'zod'

const Test = z.strictObject({ file: z.string(), title: z.string() })

export const EVIDENCE = {
  sdk: 'the vendor’s own package ran against a gateway',
  example: 'the programs that the vendor’s pages print ran against a gateway',
  recorded: 'recorded requests of the client were sent again',
  contract: 'a test of the contract called it',
} as const
const Evidence = z.enum(['sdk', 'example', 'recorded', 'contract'])
export type Evidence = z.infer<typeof Evidence>

const Run = z.strictObject({
  id: z.string().describe('What results name.'),
  runtime: z.string().describe('The runtime of the gateway; for another server, its address.'),
  engine: z.string().describe('The database engine.'),
  date: z.iso.date().describe('The date of the newest result.'),
  passed: z.int().min(0).describe('The number of tests, or of rows for another server.'),
  failed: z.int().min(0),
})

const Client = z.strictObject({
  id: z.string().describe('What results name.'),
  name: z.string(),
  version: z.string(),
  evidence: Evidence.exclude(['contract']),
})

const Result = z.strictObject({
  run: z.string(),
  client: z.string().nullable().describe('The client whose requests were sent; null for the contract’s own.'),
  status: z
    .enum(['passes', 'fails', 'unsupported'])
    .describe('`unsupported`: refused, as the contract specifies; the endpoint has the reason.'),
  evidence: Evidence,
  date: z.iso.date(),
  tests: z.int().positive().describe('The number of tests that called the endpoint.'),
  example: Test.describe('One of these tests.'),
})

const Endpoint = z.strictObject({
  method: z.string(),
  path: z.string().describe('The path that clients call, with parameters in braces.'),
  mounted: z.array(z.string()).min(1).describe('The gateway’s routes that serve it, with their methods.'),
  reason: z.string().nullable().describe('Why it is refused or not described.'),
  results: z.array(Result).describe('Empty if it is untested.'),
})

const Difference = z.strictObject({
  what: z.string().describe('The member of an answer.'),
  reason: z.string(),
  contract: z.string().nullable().describe('The row of the contract.'),
})

const Row = z.strictObject({
  row: z.string(),
  name: z.string(),
  results: z
    .record(z.string(), z.enum(['passes', 'fails', 'unsupported']))
    .describe('The results by run; runs without the row are left out.'),
  reason: z.string().nullable().describe('Why the dialect cannot support it, or what went wrong.'),
  contract: z.string().nullable(),
})

const Dialect = z.strictObject({
  name: z.string(),
  title: z.string(),
  clients: z.array(Client),
  endpoints: z.array(Endpoint),
  fallbacks: z
    .array(z.strictObject({ mounted: z.array(z.string()), reason: z.string() }))
    .describe('Routes that only answer that the call does not exist.'),
  differences: z.array(Difference).describe('Intended differences from the vendor.'),
  rows: z.array(Row).describe('Rows of the contract suite.'),
})

/** The compatibility report of the test suites, or of any server (`pushport conformance --report`). */
export const Report = z.strictObject({
  format: z.literal('pushport-compatibility/1'),
  target: z.string().nullable().describe('The tested server; null for the gateway’s own suites.'),
  version: z.string().describe('The version of Pushport.'),
  runs: z.array(Run),
  dialects: z.array(Dialect),
})

export type Report = z.infer<typeof Report>
export type Run = z.infer<typeof Run>
export type Client = z.infer<typeof Client>
export type Result = z.infer<typeof Result>
export type Endpoint = z.infer<typeof Endpoint>
export type DialectReport = z.infer<typeof Dialect>
export type ReportedRow = z.infer<typeof Row>

/** The row of a contract to which a reason refers. */
export const contractOf = (reason: string): string | null =>
  /(?:contract )?section [^);]*/.exec(reason)?.[0] ?? null

export const passes = ({ results }: Endpoint): boolean =>
  results.some(({ status }) => status === 'passes') && results.every(({ status }) => status !== 'fails')
export const fails = ({ results }: Endpoint): boolean => results.some(({ status }) => status === 'fails')
export const unsupported = ({ results }: Endpoint): boolean =>
  results.length > 0 && results.every(({ status }) => status === 'unsupported')

/** The report as a file, one line per endpoint and row, so that diffs are readable. */
export function reportText(report: Report): string {
  const list = (items: readonly unknown[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`
  const { dialects, ...rest } = report
  const head = JSON.stringify(rest, null, 2).slice(0, -2)
  const parts = dialects.map(({ name, title, clients, endpoints, fallbacks, differences, rows }) => {
    const lists = { clients, endpoints, fallbacks, differences, rows }
    const members = Object.entries(lists).map(([key, items]) => `  ${JSON.stringify(key)}: ${list(items)}`)
    return `{\n  "name": ${JSON.stringify(name)},\n  "title": ${JSON.stringify(title)},\n${members.join(',\n')}\n}`
  })
  return `${head},\n  "dialects": [${parts.join(', ')}]\n}\n`
}
