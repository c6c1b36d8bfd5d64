import { createHmac } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { KeptSecret } from '../kept-secrets.ts'
import { linesInFiles } from './files.ts'
import { createRecorder } from './recorder.ts'
import { createStandIns } from './stand-ins.ts'

/** The recorder of the configuration; its stand-ins stay the same while the master key does. */
export function recorderOf({ recording, masterKey }: Config, kept: KeptSecret | undefined) {
  if (!recording) return undefined
  const { share, folder, bytes } = recording
  const key = createHmac('sha256', kept?.value ?? masterKey ?? '')
    .update('recording')
    .digest('hex')
  return createRecorder({
    share,
    standIn: createStandIns(key),
    lines: linesInFiles(folder, bytes),
    now: Date.now,
  })
}
