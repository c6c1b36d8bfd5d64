import { afterEach, beforeEach, expect } from 'vitest'

/** Console output that a test does not expect makes it fail. */
const METHODS = ['log', 'warn', 'error', 'info', 'debug'] as const
const real = Object.fromEntries(METHODS.map((method) => [method, console[method]]))
let printed: string[] = []

beforeEach(() => {
  printed = []
  for (const method of METHODS) {
    console[method] = (...parts: unknown[]) => {
      printed.push(`console.${method}: ${parts.map(String).join(' ')}`)
    }
  }
})
afterEach(() => {
  Object.assign(console, real)
  expect(printed).toEqual([])
})
