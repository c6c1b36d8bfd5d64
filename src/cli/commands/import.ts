import { existsSync } from 'node:fs'
import type { ArgsDef } from 'citty'
import { APP, command, DRY_RUN, REMOTE } from '../command.ts'
import { documentIn } from '../document.ts'
import { usage } from '../faults.ts'
import { remote } from '../gateway.ts'
import { endOf, imported, uploaded } from '../importing.ts'
import { createOutput } from '../output.ts'

/** Parameters of the upload, as the gateway has them. */
const UPLOAD = {
  dialect: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The dialect of its devices, where the format does not say it.',
  },
  environment: {
    type: 'string',
    valueHint: 'production|sandbox',
    description: 'Which APNs its tokens are for.',
  },
  'exported-at': {
    type: 'string',
    valueHint: 'TIME',
    description: 'When the file was true: else it is older than whatever phones said.',
  },
  mapping: {
    type: 'string',
    valueHint: 'FILE',
    description: 'For csv: a JSON file that says which column is which member.',
  },
  delimiter: {
    type: 'string',
    valueHint: 'CHARACTER',
    description: 'What parts the cells of a table; `tab` for one.',
  },
  encoding: {
    type: 'string',
    valueHint: 'NAME',
    description: 'How the file is written, such as windows-1252.',
  },
  platform: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The platform of all rows, where the file does not say it.',
  },
  'source-app': { type: 'string', valueHint: 'ID', description: 'Only rows of this app of the vendor’s.' },
  header: {
    type: 'string',
    valueHint: 'false',
    description: '`false`: a csv that begins with its first row.',
  },
} as const satisfies ArgsDef

type Given = Readonly<Partial<Record<keyof typeof UPLOAD | 'format', string | undefined>>> & {
  readonly 'dry-run'?: boolean | undefined
}

export const importing = command({
  name: 'import',
  is: 'Imports a file of devices, and tells row by row what was not taken.',
  args: {
    ...REMOTE,
    ...APP,
    file: {
      type: 'positional',
      required: true,
      description: 'The file; `-` is standard input. One that ends in .gz is sent as it is.',
    },
    format: {
      type: 'string',
      required: true,
      valueHint: 'NAME',
      description: 'What the file is, such as ndjson or csv: see docs/import.md.',
    },
    ...UPLOAD,
    ...DRY_RUN,
    rejects: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'Where the rows go that were rejected, as they stood, to be mended and imported again; FILE.errors.ndjson says why.',
    },
    detach: { type: 'boolean', description: 'Does not wait for the end.' },
  },
  examples: [
    'pushport import shop devices.csv --format csv --dialect DIALECT --dry-run',
    'pushport import shop devices.ndjson --format ndjson --rejects left.ndjson',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { file, rejects } = args
    if (rejects !== undefined && existsSync(rejects)) throw usage(`${rejects} is there already.`)
    if (rejects !== undefined && (file === '-' || file.endsWith('.gz')))
      throw usage('--rejects needs a plain file, of which rows can be cut out.')
    const gateway = remote(args)
    const app = await gateway.appId(args.app)
    const upload = { gateway, output, app, file, query: queryOf(args) }
    if (args.detach) {
      const id = await uploaded(upload)
      return output.say({ id }, `The import has the id ${id}.`)
    }
    const { encoding, delimiter } = args
    const done = await imported({ ...upload, rejects, encoding, delimiter })
    output.say(done.document, done.text)
    return endOf(done)
  },
})

function queryOf(args: Given): URLSearchParams {
  const query = new URLSearchParams()
  const names = { 'exported-at': 'exportedAt', 'source-app': 'sourceApp' } as Readonly<Record<string, string>>
  for (const name of ['format', ...Object.keys(UPLOAD)] as readonly (keyof Given)[]) {
    const value = args[name]
    if (typeof value !== 'string') continue
    query.set(names[name] ?? name, name === 'mapping' ? JSON.stringify(documentIn(value)) : value)
  }
  if (args['dry-run']) query.set('dryRun', 'true')
  return query
}
