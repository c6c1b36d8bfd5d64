import { onTestFinished } from 'vitest'
import { serve } from '#runtime'
import type { Push, PushProvider } from '../../src/delivery/provider.ts'
import { attempt, laneDeps, push } from '../contract/provider-kit.ts'
import type { ClientTokenFake } from '../fixtures/push-services/client-token.ts'
import {
  createVerdicts,
  type Handler,
  type Seen,
  said,
  seen,
  type Verdict,
  type Verdicts,
} from '../fixtures/push-services/verdicts.ts'

/** A service with a token endpoint at the same base. */
export interface ServiceFake {
  readonly verdicts: Verdicts
  readonly requests: Seen[]
  answer(request: Seen): Response | Promise<Response>
}

/** Records what a service receives, and answers with its fault, the verdict, or the usual answer. */
export function serviceFake(of: {
  /** The token that a request is for. */
  tokenOf(request: Seen): string
  fault(request: Seen): Verdict | undefined
  usual(request: Seen): Verdict
}): ServiceFake {
  const [verdicts, requests] = [createVerdicts(), [] as Seen[]]
  return {
    verdicts,
    requests,
    async answer(request) {
      requests.push(request)
      const verdict = of.fault(request) ?? verdicts.next(of.tokenOf(request)) ?? of.usual(request)
      return said(verdict, 200)
    },
  }
}

let tokens = 0

/** A lane to a service and its token endpoint, at one base. */
export async function openService(of: {
  readonly provider: PushProvider
  readonly oauth: ClientTokenFake
  readonly service: ServiceFake
  /** The path of the token endpoint. */
  readonly path: string
  readonly document: Readonly<Record<string, unknown>>
  readonly secrets: readonly string[]
  readonly body: unknown
  tokenAt(origin: string, count: number): string
}) {
  const deps = laneDeps()
  const handler: Handler = async (request) =>
    new URL(request.url).pathname === of.path
      ? of.oauth.handler(request)
      : of.service.answer(await seen(request))
  const server = await serve(handler)
  onTestFinished(() => server.close())
  const document = { ...of.document, endpoint: server.origin }
  const credential = await of.provider.schema({ allows: () => true, certificates: true }).parseAsync(document)
  const lane = of.provider.open(credential, deps)
  return {
    ...{ lane, deps, document, oauth: of.oauth, service: of.service, origin: server.origin },
    leave: () => server.close(),
    sent: of.oauth.issued,
    count: () => of.service.requests.length,
    secrets: () => of.secrets,
    async delivery(...verdicts: readonly Verdict[]) {
      tokens++
      const token = of.tokenAt(server.origin, tokens)
      of.service.verdicts.set(token, ...verdicts)
      return { ...attempt, push: push(of.body), target: { token } }
    },
    says: ({ target }: { readonly target: { readonly token: string } }, ...verdicts: readonly Verdict[]) =>
      of.service.verdicts.set(target.token, ...verdicts),
    to: (token: string, body: unknown, more: Partial<Push> & { readonly ttl?: number } = {}) => {
      const { ttl = attempt.ttl, ...rest } = more
      return { ...attempt, ttl, push: push(body, rest), target: { token } }
    },
  }
}
