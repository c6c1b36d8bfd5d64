import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { authority } from '../../test/fixtures/push-services/certificates.ts'
import { type Served, serve } from '../kit/child.ts'
import { built, data } from '../kit/paths.ts'
import type { About, Job, Phones, Told } from './wire.ts'

/** The push services of a run. */
export interface Services extends Served {
  /** Over HTTP/1.1: Web Push, and Google's access tokens. */
  readonly open: string
  /** Over HTTP/2: FCM and APNs. */
  readonly secure: string
  /** The file of the certificate authority that signed their certificate. */
  readonly authority: string
  told(): Promise<Told>
  phones(): Promise<Phones>
  /** Resets the counts. */
  reset(): Promise<void>
  /** Waits until the given number of requests has arrived; throws if no more arrive. */
  until(requests: number): Promise<Told>
}

/** How long without a request before a send counts as stuck. */
const PATIENCE = 90_000

export async function startServices({ counts = false } = {}): Promise<Services> {
  const { ca, certify } = authority()
  const { cert, key } = certify('push services of the bench')
  const file = join(mkdtempSync(join(data('work'), `${process.pid}-authority-`)), 'authority.pem')
  writeFileSync(file, ca)
  const job: Job = { certificate: { cert, key }, counts }
  const served = await serve(process.execPath, [built('service'), JSON.stringify(job)])
  const open = `http://127.0.0.1:${served.port}`
  const ask = async <Answer>(path: string): Promise<Answer> => (await fetch(open + path)).json()
  const { secure } = await ask<About>('/about')
  const told = () => ask<Told>('/told')
  return {
    ...{ ...served, open, secure, authority: file, told },
    phones: () => ask<Phones>('/phones'),
    async reset() {
      await ask('/reset')
    },
    async until(requests) {
      let seen = await told()
      let since = performance.now()
      while (seen.requests < requests) {
        await new Promise((resume) => setTimeout(resume, 20))
        const next = await told()
        if (next.requests > seen.requests) since = performance.now()
        if (performance.now() - since > PATIENCE)
          throw new Error(`nothing more came after ${seen.requests} of ${requests} requests`)
        seen = next
      }
      return seen
    },
  }
}
