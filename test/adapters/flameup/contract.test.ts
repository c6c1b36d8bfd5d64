import { flameup } from '../../../adapters/flameup/index.ts'
import { flameupSamples } from '../../../vendors/conformance/flameup.ts'
import { adapterContract } from '../../contract/adapter.ts'

const noDevice = 'a device is its token (contract section 14, R2 to R5)'
const noTopics = 'this API knows no topics (contract section 14, R6)'

adapterContract(flameup, flameupSamples, [
  { what: 'moves a token from one device to another', why: noDevice },
  ...[
    'subscribes a device to 300 topics',
    'subscribes to the same topic twice without a second subscription',
    'takes one topic away and keeps the others',
    'keeps the topics of a device that registers again',
    'keeps names with odd characters as they are',
    'keeps every one of the topics that are added and removed at once',
  ].map((what) => ({ what, why: noTopics })),
])
