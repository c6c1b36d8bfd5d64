import type { Samples } from '../../src/conformance/samples.ts'
import { backendlessSamples } from './backendless.ts'
import { flameupSamples } from './flameup.ts'
import { mobileFirstSamples } from './mobilefirst.ts'
import { pusherBeamsSamples } from './pusher-beams.ts'
import { pushwooshSamples } from './pushwoosh.ts'

/** What each dialect's servers are asked, by its name. */
export const contracts: Readonly<Record<string, Samples>> = {
  'pusher-beams': pusherBeamsSamples,
  mobilefirst: mobileFirstSamples,
  flameup: flameupSamples,
  pushwoosh: pushwooshSamples,
  backendless: backendlessSamples,
}
