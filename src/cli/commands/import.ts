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
    description: 'The dialect of its devices, if the format does not determine it.',
  },
  environment: {
    type: 'string',
    valueHint: 'production|sandbox',
    description: 'The APNs environment of its tokens.',
  },
  'exported-at': {
    type: 'string',
    valueHint: 'TIME',
    description: 'When the file was created; otherwise it counts as older than anything that phones sent.',
  },
  mapping: {
    type: 'string',
    valueHint: 'FILE',
    description: 'For csv: a JSON file that maps fields to columns.',
  },
  delimiter: {
    type: 'string',
    valueHint: 'CHARACTER',
    description: 'The delimiter of a table, such as `;` or `tab`.',
  },
  encoding: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The file’s encoding, such as windows-1252.',
  },
  platform: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The platform of all rows, if the file does not state it.',
  },
  'source-app': { type: 'string', valueHint: 'ID', description: 'Only rows of this app at the vendor.' },
  header: {
    type: 'string',
    valueHint: 'false',
    description: '`false` if the csv has no header.',
  },
} as const satisfies ArgsDef

type Given = Readonly<Partial<Record<keyof typeof UPLOAD | 'format', string | undefined>>> & {
  readonly 'dry-run'?: boolean | undefined
}

export const importing = command({
  name: 'import',
  is: 'Imports a file of devices, and reports each row that was not imported.',
  args: {
    ...REMOTE,
    ...APP,
    file: {
      type: 'positional',
      required: true,
      description: 'The file; `-` is standard input. A .gz file is sent compressed.',
    },
    format: {
      type: 'string',
      required: true,
      valueHint: 'NAME',
      description: 'The file’s format, such as ndjson or csv: see docs/import.md.',
    },
    ...UPLOAD,
    ...DRY_RUN,
    rejects: {
      type: 'string',
      valueHint: 'FILE',
      description:
        'Writes rejected rows, unchanged, to this file, so that you can correct and import them; FILE.errors.ndjson has the reasons.',
    },
    detach: { type: 'boolean', description: 'Does not wait until the import ends.' },
  },
  examples: [
    'pushport import shop devices.csv --format csv --dialect DIALECT --dry-run',
    'pushport import shop devices.ndjson --format ndjson --rejects left.ndjson',
  ],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { file, rejects } = args
    if (rejects !== undefined && existsSync(rejects)) throw usage(`${rejects} already exists.`)
    if (rejects !== undefined && (file === '-' || file.endsWith('.gz')))
      throw usage('--rejects needs an uncompressed file, from which rows can be copied.')
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
