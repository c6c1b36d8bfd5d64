import * as z from 'zod'

const Test = z.strictObject({ file: z.string(), title: z.string() })

export const EVIDENCE = {
  sdk: 'the vendor’s own package ran against a gateway',
  example: 'the programs that the vendor’s pages print ran against a gateway',
  recorded: 'requests written down from what the client sends were sent again',
  contract: 'a test of the contract asked for it',
} as const
const Evidence = z.enum(['sdk', 'example', 'recorded', 'contract'])
export type Evidence = z.infer<typeof Evidence>

const Run = z.strictObject({
  id: z.string().describe('What results name.'),
  runtime: z.string().describe('Where the gateway ran; of another server its address.'),
  engine: z.string().describe('The database under it.'),
  date: z.iso.date().describe('The day of its newest result.'),
  passed: z.int().min(0).describe('Tests, or rows of another server.'),
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
  client: z
    .string()
    .nullable()
    .describe('Whose requests they were; null for the plain ones of the contract.'),
  status: z
    .enum(['passes', 'fails', 'unsupported'])
    .describe('`unsupported`: refused, as the contract has it; the endpoint says why.'),
  evidence: Evidence,
  date: z.iso.date(),
  tests: z.int().positive().describe('How many called the endpoint.'),
  example: Test.describe('One of them.'),
})

const Endpoint = z.strictObject({
  method: z.string(),
  path: z.string().describe('As clients call it, with parameters in braces.'),
  mounted: z.array(z.string()).min(1).describe('Every route of the gateway that serves it, with its method.'),
  reason: z.string().nullable().describe('Why it is not described, or refused.'),
  results: z.array(Result).describe('None: nobody has tested it.'),
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
    .describe('By run; none where it has not run.'),
  reason: z.string().nullable().describe('Why the dialect cannot have it, or what was wrong.'),
  contract: z.string().nullable(),
})

const Dialect = z.strictObject({
  name: z.string(),
  title: z.string(),
  clients: z.array(Client),
  endpoints: z.array(Endpoint),
  fallbacks: z
    .array(z.strictObject({ mounted: z.array(z.string()), reason: z.string() }))
    .describe('Routes that only say that there is no such call.'),
  differences: z.array(Difference).describe('What differs from the vendor on purpose.'),
  rows: z.array(Row).describe('Rows of the contract suite.'),
})

/** The compatibility report of the test suites, or of any server (`pushport conformance --report`). */
export const Report = z.strictObject({
  format: z.literal('pushport-compatibility/1'),
  target: z.string().nullable().describe('The server that was asked; null for the suites of the gateway.'),
  version: z.string().describe('Of Pushport.'),
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
