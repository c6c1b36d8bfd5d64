import { withAccess } from '../dialects/access.ts'
import type { Documents } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { openWithin } from '../kit/within.ts'
import { existing } from './phone.ts'

const SOME = 20

/**
 * Registers some of the seeded phones again. Throws unless the product finds them and treats them as
 * unchanged.
 */
export async function check(file: string, seeded: Documents, devices: number): Promise<void> {
  let commits = 0
  const within = openWithin({
    file,
    db: (real) => ({
      ...real,
      commit(plan, options) {
        commits++
        return real.commit(plan, options)
      },
    }),
  })
  try {
    const documents = await withAccess(seeded, within.send)
    for (const { name, register } of dialects) {
      const before = commits
      for (let k = 0; k < SOME; k++) {
        const answer = await within.send(register(documents, existing(name, devices, k, 'kept')))
        if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
      }
      if (commits > before) throw new Error(`${name}: ${commits - before} of ${SOME} seeded phones are new`)
    }
  } finally {
    await within.close()
  }
}
