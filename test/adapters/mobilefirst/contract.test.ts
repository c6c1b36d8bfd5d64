import { mobileFirst } from '../../../adapters/mobilefirst/index.ts'
import { mobileFirstSamples } from '../../../vendors/conformance/mobilefirst.ts'
import { adapterContract } from '../../contract/adapter.ts'

adapterContract(mobileFirst, mobileFirstSamples, [
  {
    what: 'registers again after it was unregistered',
    why: 'every device is subscribed to Push.ALL by its registration; contract section 5.1',
  },
])
