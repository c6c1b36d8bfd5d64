import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server as HttpServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import { fcm } from '../transfer/kit.ts'
import { at, cli } from './kit.ts'

const line = (of: object) => `${JSON.stringify(of)}\n`
const COUNT = 1500

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => void (await server.stop()))

const run = (...args: string[]) => cli(args, at(server))
async function newApp(name: string) {
  expect((await run('app', 'create', name, '--dialects', 'pushwoosh')).code).toBe(0)
  return name
}
function fileOf(name: string, text: string | Uint8Array) {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

/** Cuts off the first few answers of exports after the given numbers of bytes. */
async function cutting(times: number, bytes: number): Promise<{ origin: string; server: HttpServer }> {
  let left = times
  const proxy = createServer((incoming, outgoing) => {
    const { method, url = '', headers } = incoming
    const cut = url.includes('/export') && left-- > 0
    const onward = request(`${server.origin}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      let sent = 0
      answer.on('data', (chunk: Buffer) => {
        const part = cut ? chunk.subarray(0, Math.max(0, bytes - sent)) : chunk
        sent += part.length
        outgoing.write(part)
        if (cut && sent >= bytes) {
          answer.destroy()
          outgoing.destroy()
        }
      })
      answer.on('end', () => outgoing.end())
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resume) => proxy.listen(0, '127.0.0.1', resume))
  return { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, server: proxy }
}

describe('pushport import', () => {
  const HEADER = 'Hwid,User ID,Push Token,Type,Note'
  const TABLE = [
    HEADER,
    `one,anna,${fcm('one')},3,"a ""quoted""\nnote"`,
    '',
    `two,,5.63E+71,3,"broken\ntoken"`,
    `three,,${fcm('three')},99,`,
    `four,,${fcm('four')},3,`,
  ].join('\n')

  test('says what a dry run would do, imports, and cuts the rows that were rejected out of the file', async () => {
    const app = await newApp('rejects')
    const file = fileOf('devices.csv', TABLE)
    const dry = await run('import', app, file, '--format', 'pushwoosh-csv', '--dry-run', '--json')
    expect(dry).toMatchObject({ code: 4 })
    expect(dry.json).toMatchObject([{ dryRun: true, outcomes: { created: 2, rejected: 2 } }])
    expect((await run('device', 'list', app, '--json')).json).toEqual([])

    const rejects = join(temporaryFolder(), 'rejects.csv')
    const real = await run('import', app, file, '--format', 'pushwoosh-csv', '--rejects', rejects)
    expect(real.code).toBe(4)
    expect(real.stdout).toContain('2 created, 2 rejected. 2 of them were written to')
    expect(real.stderr).toContain('row 2, line 5: rejected: Push Token reads 5.63E+71')
    const [, , ...wrong] = TABLE.split('\n')
    const left = readFileSync(rejects, 'utf8')
    expect(left.replaceAll('\n\n', '\n')).toBe(`${HEADER}\n${wrong.slice(2, 5).join('\n')}\n`)
    const why = readFileSync(`${rejects}.errors.ndjson`, 'utf8').trim().split('\n')
    expect(why.map((one) => JSON.parse(one).reason)).toEqual(['scientific_notation', 'platform_unknown'])

    const mended = left.replace('5.63E+71', fcm('two')).replace(',99,', ',3,')
    const again = await run(
      'import',
      app,
      fileOf('mended.csv', mended),
      '--format',
      'pushwoosh-csv',
      '--json',
    )
    expect(again).toMatchObject({ code: 0 })
    expect(again.json).toMatchObject([{ outcomes: { created: 2, rejected: 0 } }])
  })

  const PAGES = `{"devices":[{"deviceId":"a","token":"${fcm('a')}","platform":"G"},{"deviceId":"b","platform":"Z"}]}
    {"subscriptions":[{"deviceId":"nobody","tagName":"news"}]}`
  const LINES =
    line({ type: 'pushport-export', exportedAt: '2026-01-01T00:00:00Z' }) +
    line({ externalId: 'a', platform: 'android', token: fcm('a') }) +
    'no json\n' +
    line({ type: 'end', devices: 2 })
  test.each([
    [
      'mobilefirst-json',
      'mobilefirst',
      PAGES,
      '{"devices":[{"deviceId":"b","platform":"Z"}]}\n{"subscriptions":[{"deviceId":"nobody","tagName":"news"}]}\n',
    ],
    ['ndjson', 'pushwoosh', LINES, `${LINES.split('\n')[0]}\nno json\n${line({ type: 'end', devices: 1 })}`],
    ['csv', 'pushwoosh', `externalId;platform\rx;android\ry;moon\r`, `externalId;platform\ry;moon\r`],
  ])(
    'cuts rows out of %s so that they are a file of the same format',
    async (format, dialect, text, left) => {
      const app = `cut-${format}`
      await run('app', 'create', app, '--dialects', dialect)
      const rejects = join(temporaryFolder(), 'rejects')
      const args = ['import', app, fileOf('devices', text), '--format', format, '--dialect', dialect]
      expect((await run(...args, '--rejects', rejects)).code).toBe(4)
      expect(readFileSync(rejects, 'utf8').replaceAll('\r\n', '\r')).toBe(left)
    },
  )

  test('fails with what is wrong with the file, or with the command line', async () => {
    const app = await newApp('failing')
    const wrong = await run('import', app, fileOf('x.csv', 'a,b\n1,2\n'), '--format', 'pushwoosh-csv')
    expect(wrong).toMatchObject({ code: 1 })
    expect(wrong.stderr).toContain('The header has none of the columns')
    expect(await run('import', app, '/nowhere', '--format', 'csv')).toMatchObject({ code: 2 })
    expect(await run('import', app, fileOf('y', ''), '--format', 'xml')).toMatchObject({ code: 1 })
  })
})

describe('pushport export', () => {
  let app: string
  beforeAll(async () => {
    app = await newApp('leaving')
    const rows = Array.from({ length: COUNT }, (_, n) =>
      line({ externalId: `d${n}`, platform: 'android', token: fcm(`d${n}-`) }),
    )
    const file = fileOf('many.ndjson', rows.join(''))
    const done = await run('import', app, file, '--format', 'ndjson', '--dialect', 'pushwoosh', '--json')
    expect(done.json).toMatchObject([{ outcomes: { created: COUNT } }])
  })
  const idsOf = (text: string) =>
    text.split('\n').flatMap((one) => (one.includes('"type":"device"') ? [JSON.parse(one).externalId] : []))
  const ALL = Array.from({ length: COUNT }, (_, n) => `d${n}`)

  test('writes a file that nothing is missing from, and none over one that is there', async () => {
    const file = join(temporaryFolder(), 'devices.ndjson')
    const done = await run('export', app, file, '--json')
    expect(done).toMatchObject({ code: 0, json: [{ file, devices: COUNT }] })
    const text = readFileSync(file, 'utf8')
    expect(idsOf(text)).toEqual(ALL)
    expect(text.trim().split('\n').at(-1)).toBe(JSON.stringify({ type: 'end', devices: COUNT }))
    expect(existsSync(`${file}.part`)).toBe(false)
    expect(await run('export', app, file)).toMatchObject({ code: 2 })
    const table = await run('export', app, '--format', 'csv', '--provider', 'fcm')
    expect(table.stdout.split('\r\n')).toHaveLength(COUNT + 2)
  })

  test('goes on where an answer breaks off, and joins the pieces', async () => {
    const proxy = await cutting(2, 300_000)
    const out = await cli(['export', app], at(proxy))
    expect(out.code).toBe(0)
    expect(idsOf(out.stdout)).toEqual(ALL)
    const lines = out.stdout.trim().split('\n')
    expect(lines.filter((one) => one.includes('pushport-export'))).toHaveLength(1)
    expect(lines.at(-1)).toBe(JSON.stringify({ type: 'end', devices: COUNT }))
    proxy.server.close()
  })

  test('goes on with what an earlier one left', async () => {
    const file = join(temporaryFolder(), 'devices.ndjson')
    const whole = (await run('export', app)).stdout
    writeFileSync(`${file}.part`, whole.slice(0, whole.length / 2))
    expect(await run('export', app, file)).toMatchObject({ code: 2 })
    expect(await run('export', app, file, '--resume')).toMatchObject({ code: 0 })
    const text = readFileSync(file, 'utf8')
    expect(idsOf(text)).toEqual(ALL)
    expect(text.trim().split('\n')).toHaveLength(COUNT + 2)
  })
})
