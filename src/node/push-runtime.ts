import { availableParallelism } from 'node:os'
import type { PushRuntime } from '../build.ts'
import type { Config } from '../config.ts'
import type { Tracer } from '../domain/tracer.ts'
import { threadedEncrypt } from './cipher-threads.ts'
import { nodeTransport } from './http2/transport.ts'
import type { Log } from './log.ts'
import { nodePost } from './post.ts'
import { tracedPost, tracedTransport } from './telemetry/traced.ts'

/** One core is left for all other work. */
const CIPHER_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1))

interface PushRuntimeDeps {
  readonly log: Log
  readonly tracer: Tracer | undefined
  /** The URL of one of the built files, which are all in one folder. */
  readonly folder: string
}

/** The connections of Node to push services. */
export function pushRuntime(
  { allowPrivateTargets: allowPrivate }: Config,
  { log, tracer, folder }: PushRuntimeDeps,
) {
  const post = nodePost(allowPrivate)
  return {
    post: tracedPost(tracer, post),
    transport: () => tracedTransport(tracer, nodeTransport({ post, allowPrivate })),
    certificates: true,
    encrypt: threadedEncrypt(new URL('cipher-thread.js', folder), CIPHER_THREADS),
    log: ({ msg, error, ...record }) =>
      error === undefined ? log.info(record, msg) : log.error({ ...record, err: error }, msg),
  } satisfies PushRuntime
}
