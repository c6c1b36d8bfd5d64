import { createWriteStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { differing, hashesOf, noteOf, restore as restored } from '../../node/backup/restore.ts'
import { COMMON, command, DRY_RUN, REMOTE } from '../command.ts'
import { EXIT, Fault, usage } from '../faults.ts'
import { answered, type Remote, remote } from '../gateway.ts'
import { createOutput, type Output } from '../output.ts'
import { bytes, showProgress } from '../progress.ts'

const FILE = { file: { type: 'positional', required: true, description: 'The file of the backup.' } } as const

export const backup = command({
  name: 'backup',
  is: 'Backs up the database of a running gateway to a file, and verifies the copy table by table.',
  args: { ...REMOTE, ...FILE },
  examples: ['pushport backup pushport-$(date +%F).db'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    const { file } = args
    if (existsSync(file)) throw usage(`${file} already exists.`)
    const gateway = remote(args)
    const { id } = answered(await gateway.client.POST('/backups'))
    const path = { backup: id }
    try {
      const made = await copied(gateway, output, id)
      await fetched(gateway, output, { id, file: `${file}.part`, size: made.bytes })
      const differ = differing(made.tables ?? {}, hashesOf(`${file}.part`))
      if (differ.length > 0) throw new Fault(EXIT.refused, `The copy differs in ${differ.join(', ')}.`)
      writeFileSync(
        noteOf(file),
        `${JSON.stringify({ at: made.createdAt, tables: made.tables }, null, 2)}\n`,
        { mode: 0o600 },
      )
      renameSync(`${file}.part`, file)
      const rows = Object.values(made.tables ?? {}).reduce((sum, table) => sum + table.rows, 0)
      output.say(
        { file, at: made.createdAt, bytes: made.bytes, tables: made.tables },
        `${file}: ${bytes(made.bytes ?? 0)}, ${rows} rows in ${Object.keys(made.tables ?? {}).length} tables, as of ${made.createdAt}. Store the master key separately.`,
      )
    } finally {
      for (const end of ['.part', '.part-wal', '.part-shm']) rmSync(`${file}${end}`, { force: true })
      await gateway.client.DELETE('/backups/{backup}', { params: { path } }).catch(() => {})
    }
  },
})

async function copied({ client }: Remote, output: Output, id: string) {
  const shown = showProgress(output, 'The gateway is copying its database', bytes)
  for (;;) {
    const now = answered(await client.GET('/backups/{backup}', { params: { path: { backup: id } } }))
    if (now.state === 'failed')
      throw new Fault(EXIT.refused, `The gateway could not copy its database: ${now.error}.`)
    if (now.state === 'ready') {
      shown.end('The gateway has copied its database.')
      return now
    }
    shown.at(now.done, now.bytes)
    await new Promise((resume) => setTimeout(resume, 250))
  }
}

async function fetched(
  gateway: Remote,
  output: Output,
  of: { id: string; file: string; size: number | null },
) {
  const shown = showProgress(output, 'Fetched', bytes)
  const { body } = await gateway.raw('GET', `/backups/${of.id}/file`)
  if (!body) throw new Fault(EXIT.refused, 'The gateway returned an empty answer.')
  let done = 0
  const counting = new Transform({
    transform(chunk: Buffer, _, next) {
      done += chunk.byteLength
      shown.at(done, of.size)
      next(null, chunk)
    },
  })
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  await pipeline(source, counting, createWriteStream(of.file, { mode: 0o600, flags: 'w', flush: true }))
  shown.end(`Fetched ${bytes(done)}.`)
}

export const restore = command({
  name: 'restore',
  is: 'Restores a backup to the path of a gateway’s database. No database may exist there, and no gateway may be running on it.',
  args: {
    ...COMMON,
    ...FILE,
    to: {
      type: 'string',
      default: './data/pushport.db',
      valueHint: 'FILE',
      description: 'The file that DATABASE_URL names.',
    },
    ...DRY_RUN,
  },
  examples: ['pushport restore pushport-2026-11-29.db --to /var/lib/pushport/pushport.db'],
  async run({ args }) {
    const output = createOutput(args.json === true)
    try {
      const tables = args['dry-run'] ? hashesOf(args.file) : restored(args.file, args.to)
      const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0)
      const done = args['dry-run'] ? 'would be restored to' : 'is restored to'
      output.say({ file: args.file, to: args.to, tables }, `${args.file} ${done} ${args.to}: ${rows} rows.`)
    } catch (error) {
      throw new Fault(EXIT.refused, `Not restored: ${error instanceof Error ? error.message : error}.`)
    }
  },
})
