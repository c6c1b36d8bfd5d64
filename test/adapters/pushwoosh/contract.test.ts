import { pushwoosh } from '../../../adapters/pushwoosh/index.ts'
import { pushwooshSamples } from '../../../vendors/conformance/pushwoosh.ts'
import { adapterContract } from '../../contract/adapter.ts'

const noTopics = 'there are no topics: tags are attributes with values'

adapterContract(pushwoosh, pushwooshSamples, [
  { what: 'answers HEAD as GET, without a body', why: 'every method is a POST; contract section 3' },
  { what: 'subscribes a device to 300 topics', why: noTopics },
  { what: 'subscribes to the same topic twice without a second subscription', why: noTopics },
  { what: 'takes one topic away and keeps the others', why: noTopics },
  { what: 'keeps the topics of a device that registers again', why: noTopics },
  { what: 'keeps names with odd characters as they are', why: noTopics },
  { what: 'keeps every one of the topics that are added and removed at once', why: noTopics },
])
