import { expect, test } from 'vitest'
import { startServer } from '../harness/server.ts'
import { at, cli } from './kit.ts'

test('the doctor finds a gateway well, and says what is wrong with one that is not', async () => {
  const server = await startServer({ runtime: 'node' })
  const well = await cli(['doctor', '--json'], at(server))
  expect(well).toMatchObject({ code: 0, stderr: '' })
  expect(well.json.map(({ check, ok }) => [check, ok])).toEqual([
    ['reachable', true],
    ['store', true],
    ['clock', true],
    ['transport', true],
    ['admin token', true],
  ])

  const wrong = await cli(['doctor'], { ...at(server), PUSHPORT_ADMIN_TOKEN: 'wrong-token-0123456789' })
  expect(wrong).toMatchObject({ code: 4, stdout: expect.stringMatching(/^FAULT {2}admin token: /m) })

  await server.stop()
  const gone = await cli(['doctor', '--json'], at(server))
  expect(gone).toMatchObject({ code: 4 })
  expect(gone.json[0]).toMatchObject({ check: 'reachable', ok: false })
})
