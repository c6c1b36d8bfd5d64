import { afterEach, beforeEach, expect } from 'vitest'

/** Stray console output fails the test that made it. */
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
