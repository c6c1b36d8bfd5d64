import { beforeAll, describe } from 'vitest'
import { openDb, runtimeName } from '#runtime'
import { sqlStore } from '../../src/store/sql/store.ts'
import { deviceContract } from '../contract/devices.ts'
import { jobContract } from '../contract/jobs.ts'
import { createKit, type StoreKit } from '../contract/kit.ts'
import { tagLimitContract } from '../contract/tag-limits.ts'
import { WAYS } from '../contract/ways.ts'

// The actual state is covered by test/store/store.test.ts.
const [, ...others] = Object.entries(WAYS)

describe.each(others)(`registrations on ${runtimeName}, %s`, (_, way) => {
  let kit: StoreKit
  beforeAll(async () => {
    kit = await createKit(async (clock) => way()(sqlStore(await openDb(), clock)))
  })
  for (const part of [deviceContract, jobContract, tagLimitContract]) part(() => kit)
})
