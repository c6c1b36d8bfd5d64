import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { liveCalls } from '../../src/node/live-calls.ts'

async function open() {
  let at = 0
  const calls = liveCalls(() => at)
  const answers: (() => void)[] = []
  const server = createServer((_, response) => {
    answers.push(() => response.end())
    response.write('begun')
  })
  calls.watch(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ask = () =>
    new Promise<void>((resolve) => {
      request({ port, host: '127.0.0.1' }, (response) => response.resume().on('end', resolve)).end()
    })
  /** Until so many calls have begun to be answered. */
  const begun = (count: number) => vi.waitUntil(() => answers.length === count, { interval: 1 })
  const pass = (milliseconds: number) => {
    at += milliseconds
  }
  return { calls, answers, ask, begun, pass }
}

test('a call waits until it is answered', async () => {
  const { calls, answers, ask, begun } = await open()
  expect(calls.waiting()).toBe(false)
  const asked = ask()
  await begun(1)
  expect(calls.waiting()).toBe(true)
  answers[0]?.()
  await asked
  await vi.waitUntil(() => !calls.waiting(), { interval: 1 })
  expect(calls.served()).toBe(1)
})

test('a call that is answered for long, such as a stream, does not wait for long', async () => {
  const { calls, ask, begun, pass } = await open()
  void ask()
  await begun(1)
  pass(49)
  expect(calls.waiting()).toBe(true)
  pass(1)
  expect(calls.waiting()).toBe(false)
  void ask()
  await begun(2)
  expect(calls.waiting()).toBe(true)
})
