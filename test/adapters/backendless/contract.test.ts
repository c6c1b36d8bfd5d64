import { backendless } from '../../../adapters/backendless/index.ts'
import { backendlessSamples } from '../../../vendors/conformance/backendless.ts'
import { adapterContract, type Samples } from '../../contract/adapter.ts'
import { binaryCall } from './amf/calls.ts'

/** No REST call removes a channel; the binary one of the Android SDK does. */
const samples: Samples = {
  ...backendlessSamples,
  ...(backendlessSamples.topics && {
    topics: {
      ...backendlessSamples.topics,
      unsubscribe: ({ dialect }, deviceId, names) => [
        {
          method: 'POST',
          path: `/${dialect.applicationId}/${(dialect.apiKeys as Record<string, string>).rest}/binary`,
          headers: { 'Content-Type': 'application/x-amf' },
          body: binaryCall('unregisterDevice', [deviceId, [...names]]),
        },
      ],
    },
  }),
}

adapterContract(backendless, samples, [
  {
    what: 'registers again after it was unregistered',
    why: 'a device always has a channel: `default` where none is given; contract section 4.1',
  },
])
