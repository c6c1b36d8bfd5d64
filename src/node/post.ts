import { unanswered } from '../delivery/transport/fetch.ts'
import { ANSWER_BYTES, type Post, REQUEST_MILLISECONDS, Unanswered } from '../delivery/transport/transport.ts'
import { guardedPost } from '../outbound/guarded-post.ts'
import { isPrivateTarget } from '../outbound/target.ts'

/** Requests to push services over HTTP/1.1; Web Push makes one per phone. */
export function nodePost(allowPrivate: boolean): Post {
  const post = guardedPost(allowPrivate)
  const decoder = new TextDecoder()
  return async (url, { headers, body, milliseconds = REQUEST_MILLISECONDS }) => {
    if (!allowPrivate && isPrivateTarget(url)) throw new Unanswered('private', 'private-address')
    try {
      const call = { headers, body, milliseconds, bytes: ANSWER_BYTES }
      const { body: read, ...answer } = await post(url, call)
      return { ...answer, text: read.length === 0 ? '' : decoder.decode(read) }
    } catch (error) {
      throw unanswered(error)
    }
  }
}
