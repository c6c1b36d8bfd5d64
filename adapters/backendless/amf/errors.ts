/**
 * Why AMF could not be read or written.
 *
 * - `truncated`: the bytes end before what they announce, or an announced count cannot fit in what remains.
 * - `malformed`: the bytes break the format: unknown marker or version, dangling reference, invalid UTF-8 or date,
 *   a length that does not match, trailing bytes.
 * - `limit`: well formed as far as it was read, but deeper or larger than the limits allow.
 * - `unsupported`: legal AMF that this codec does not know, such as an externalizable class with a format of its own.
 * - `unencodable`: a value handed to an encoder that the format cannot carry.
 */
export type AmfErrorReason = 'truncated' | 'malformed' | 'limit' | 'unsupported' | 'unencodable'

/**
 * The only error that the AMF decoders and encoders throw, whatever the bytes or values.
 *
 * `offset` is where in the input reading stopped, null when encoding. The message never holds more than a clipped,
 * quoted class name of the input, so it may be logged.
 */
export class AmfError extends Error {
  override readonly name = 'AmfError'
  readonly reason: AmfErrorReason
  readonly offset: number | null

  constructor(reason: AmfErrorReason, message: string, offset: number | null = null) {
    super(offset === null ? message : `${message} (at byte ${offset})`)
    this.reason = reason
    this.offset = offset
  }
}
