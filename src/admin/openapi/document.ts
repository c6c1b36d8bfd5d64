import type { Adapter } from '../../adapter.ts'
import type { Code } from '../../domain/error.ts'
import { requestSchema, type Schema } from '../../reference/json-schema.ts'
import { type Neighbours, NO_NEIGHBOURS } from '../../transfer/format.ts'
import { type Asked, askedBy } from '../../wire/check.ts'
import { adminRoutes } from '../routes.ts'
import { type Operation, problemsOf } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { DIALECT, PATH } from './parameters.ts'
import { HEADERS, problemResponses, responses } from './responses.ts'
import { answerSchemas, described, dialectsSchema, setupSchemas } from './schemas.ts'

/** A route as it is mounted, with what its handlers ask for. */
interface Mounted {
  readonly method: string
  readonly path: string
  readonly asked: readonly Asked[]
}

interface Described {
  readonly adapters: readonly Adapter[]
  readonly neighbours?: Neighbours
  /** Of the gateway. */
  readonly version: string
}

/** The content of docs/openapi.json. */
export const openApiText = (of: Described): string => `${JSON.stringify(openApiDocument(of), null, 2)}\n`

/**
 * The admin API as an OpenAPI 3.1 document. Throws if a route, a parameter or a member has no description.
 */
export function openApiDocument({ adapters, neighbours = NO_NEIGHBOURS, version }: Described) {
  const paths: Record<string, Record<string, unknown>> = {}
  const problems: ReadonlySet<Code>[] = []
  for (const route of mounted(adapters, neighbours)) {
    const operation = OPERATIONS[route.path]?.[route.method]
    if (!operation) throw new Error(`${route.method} ${route.path} is not described.`)
    problems.push(problemsOf(operation, route.asked))
    const path = route.path.replace(/:([a-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: call(route, operation, adapters) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pushport admin API',
      version,
      description:
        'The API for operators: apps, credentials, devices of all dialects, messages, imports and exports. Every call needs an admin token. Errors are problem documents (RFC 9457). Times are ISO 8601 in UTC with milliseconds.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: '{gateway}/admin/v1',
        variables: {
          gateway: {
            default: 'http://127.0.0.1:8787',
            description: 'The base URL of the gateway, without a trailing slash.',
          },
        },
      },
    ],
    security: [{ adminToken: [] }],
    paths,
    components: {
      schemas: { ...answerSchemas(), ...setupSchemas(adapters) },
      responses: problemResponses(problems),
      headers: HEADERS,
      securitySchemes: {
        adminToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The value of `ADMIN_TOKEN`, or a named admin token.',
        },
      },
    },
  }
}

/** Every route of the admin API, in the order in which they are mounted. */
function mounted(adapters: readonly Adapter[], neighbours: Neighbours): readonly Mounted[] {
  const refusals = { note: () => {}, list: () => [] }
  const found = new Map<string, Mounted>()
  for (const { method, path, handler } of adminRoutes({
    adapters,
    neighbours,
    adminToken: () => '',
    refusals,
  }).routes) {
    if (method === 'ALL') continue
    const name = `${method} ${path}`
    const asked = askedBy(handler)
    const known = found.get(name)?.asked ?? []
    found.set(name, { method: method.toLowerCase(), path, asked: asked ? [...known, asked] : known })
  }
  return [...found.values()]
}

function call({ path, asked }: Mounted, operation: Operation, adapters: readonly Adapter[]) {
  const { id, summary, description, body = {}, file } = operation
  const example = filled(operation.example, adapters)
  const json = asked.find(({ target }) => target === 'json')
  const parameters = [...inPath(path), ...inQuery(operation, asked, adapters)]
  if ((json || file !== undefined) && example === undefined) throw new Error(`${id} has no example.`)
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(json && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: bodySchema(json, body, adapters), example } },
      },
    }),
    ...(file !== undefined && {
      requestBody: {
        required: true,
        description: file,
        content: { '*/*': { schema: { type: 'string', format: 'binary' }, example } },
      },
    }),
    responses: responses(operation, asked),
  }
}

const inPath = (path: string) =>
  [...path.matchAll(/:([a-z]+)/g)].map(([, name = '']) => {
    const description = PATH[name]
    if (description === undefined) throw new Error(`{${name}} is not described.`)
    return { name, in: 'path', required: true, description, schema: { type: 'string' } }
  })

/** An example, with the name of the first dialect. */
const filled = <T>(example: T, [first]: readonly Adapter[]): T =>
  example === undefined ? example : JSON.parse(JSON.stringify(example).replaceAll(DIALECT, first?.name ?? ''))

function inQuery(
  { id, query, exampleQuery = {} }: Operation,
  asked: readonly Asked[],
  adapters: readonly Adapter[],
) {
  const of = asked.find(({ target }) => target === 'query')
  const { properties = {} } = of ? requestSchema(of.schema) : {}
  const foreign = Object.keys(query).find((name) => !(name in properties))
  if (foreign !== undefined) throw new Error(`${id} has no parameter ${foreign}.`)
  return Object.entries(properties).map(([name, schema]) => {
    const said = query[name]
    if (said === undefined) throw new Error(`The parameter ${name} of ${id} is not described.`)
    const told = typeof said === 'string' ? { is: said, schema } : said
    const example = filled(exampleQuery[name], adapters)
    return {
      ...{ name, in: 'query', description: told.is, schema: told.schema },
      ...(example !== undefined && { example }),
    }
  })
}

/** The description of a body's schema. The dialects and their members are known only to the adapters. */
function bodySchema(
  { schema }: Asked,
  texts: Readonly<Record<string, string>>,
  adapters: readonly Adapter[],
) {
  const plain = requestSchema(schema)
  const removable = !plain.required
  const { dialects, ...properties } = plain.properties ?? {}
  const whole: Schema = dialects
    ? { ...plain, properties: { ...properties, dialects: dialectsSchema(adapters, removable) } }
    : plain
  return described(whole, texts)
}
