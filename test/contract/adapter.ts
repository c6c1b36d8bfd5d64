import { describe, expect, type TaskMeta, test } from 'vitest'
import type { Adapter } from '../../src/adapter.ts'
import { rowName } from '../../src/conformance/rows.ts'
import type { Samples } from '../../src/conformance/samples.ts'
import { bodyCases } from './adapter-bodies.ts'
import { deviceCases } from './adapter-devices.ts'
import { faultCases } from './adapter-faults.ts'
import { topicCases } from './adapter-topics.ts'
import type { Lack } from './samples.ts'

export type { Answer, Call, Samples } from '../../src/conformance/samples.ts'

/** Adds one test to the suite; `lacks` refers to it by its title. */
export type Case = (title: string, run: () => Promise<void>) => void

/** The arguments of a group of cases. */
export interface Suite {
  readonly adapter: Adapter
  readonly samples: Samples
  readonly it: Case
}

/**
 * What every dialect must do, said in its own requests and answers: call it at the top of
 * `test/adapters/<dialect>/contract.test.ts`, which runs in both runtimes.
 *
 *     adapterContract(pusherBeams, samples, [
 *       { what: 'moves a token from one device to another', why: 'a device is its token; contract section 4' },
 *     ])
 *
 * `samples` holds the dialect's calls and its expected answers; the suite makes apps, phones and faults. After every
 * refusal it compares the admin API's device list, topics and counts with what they were before.
 *
 * `lacks` names, by title, the tests that the dialect cannot pass, each with its reason. Such a test is run all the
 * same and must fail: one that passes, or that is none of the suite's, is a failure, so the list cannot rot.
 */
export function adapterContract(adapter: Adapter, samples: Samples, lacks: readonly Lack[] = []): void {
  describe(`${adapter.name}: what every dialect does`, () => {
    const titles = new Set<string>()
    const rows: string[] = []
    const it: Case = (title, run) => {
      if (titles.has(title)) throw new Error(`two tests are called: ${title}`)
      titles.add(title)
      const row = rowName(title, rows)
      rows.push(row)
      const lack = lacks.find(({ what }) => what === title)
      const noted = ({ task }: { task: { meta: TaskMeta } }) => {
        task.meta.row = row
        if (lack) task.meta.lack = lack.why
        return run()
      }
      if (lack) test.fails(`${title} [lacks: ${lack.why}]`, noted)
      else test(title, noted)
    }
    addCases({ adapter, samples, it })

    test('every lack names a test and says why', () => {
      expect(lacks.filter(({ what, why }) => !titles.has(what) || why === '')).toEqual([])
    })
  })
}

function addCases(suite: Suite): void {
  deviceCases(suite)
  topicCases(suite)
  bodyCases(suite)
  faultCases(suite)
}

/** The rows of the tests that `adapterContract` defines for a dialect. */
export function contractRows(adapter: Adapter, samples: Samples): readonly string[] {
  const rows: string[] = []
  addCases({ adapter, samples, it: (title) => void rows.push(rowName(title, rows)) })
  return rows
}
