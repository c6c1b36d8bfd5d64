import { pusherBeams } from '../../../adapters/pusher-beams/index.ts'
import { pusherBeamsSamples } from '../../../vendors/conformance/pusher-beams.ts'
import { adapterContract } from '../../contract/adapter.ts'

adapterContract(pusherBeams, pusherBeamsSamples)
