import { describe, expect, test } from 'vitest'
import type { StoreKit } from './kit.ts'

export function pingContract(kit: () => StoreKit): void {
  describe('a ping', () => {
    test('finds nothing to be done before a store is used that others use', async () => {
      await kit().createApp()
      const { fault, warnings } = await kit().store.ping()
      expect({ fault, warnings }).toEqual({ fault: null, warnings: [] })
    })
  })
}

export function sizeContract(kit: () => StoreKit): void {
  test('the size of a database is told in bytes, where it is known', async () => {
    await kit().store.ping()
    const size = await kit().store.size()
    expect(size === null || size > 4096).toBe(true)
  })
}
