import { expect } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { Page, PageRequest, Place } from '../../src/domain/page.ts'
import type { StoreKit } from './kit.ts'

export interface World {
  readonly kit: StoreKit
  readonly appId: string
  /** A device that exists from the start and is in no list. */
  readonly key: DeviceKey
}

/** A list under test: how its rows are added and removed, and how it is read. */
export interface PagedList {
  /** Adds a row, before the others if the list's order allows it, and returns its name. */
  readonly add: (world: World, early: boolean) => Promise<string>
  /** Absent: rows of the list cannot be removed one by one. */
  readonly remove?: (world: World, name: string) => Promise<unknown>
  readonly order: 'newest' | 'oldest' | 'text'
  /** Whether two rows may have the same time. */
  readonly ties?: false
  readonly read: Reader
}

type Reader = (
  world: World,
  limit: number,
  between: (last: string) => Promise<void>,
) => Promise<readonly string[]>

/** Reads a list page by page, and runs a function after each page but the last. */
export const reader =
  <T, At extends Place>(
    page: (world: World, request: PageRequest<At>) => Promise<Page<T, At>>,
    nameOf: (item: T) => string,
  ): Reader =>
  async (world, limit, between) => {
    const names: string[] = []
    let after: At | null = null
    do {
      const { items, next }: Page<T, At> = await page(world, { after, limit })
      expect(items.length).toBeLessThanOrEqual(limit)
      names.push(...items.map(nameOf))
      after = next
      if (after !== null) await between(names.at(-1) ?? '')
    } while (after !== null)
    return names
  }
