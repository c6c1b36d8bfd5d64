import { outsideFetch } from '#runtime'
import { laneDeps } from '../contract/provider-kit.ts'
import { openFcm } from '../delivery/fcm/kit.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

export interface ShownProvider extends Readonly<Record<string, unknown>> {
  readonly kind: string
  readonly state: string
  readonly reason: string | null
  readonly since: string | null
}

export interface Problem {
  readonly status: number
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

/** A gateway that reaches the fakes of push services, with an app. */
export async function openGateway(env: Readonly<Record<string, string>> = {}) {
  const h = await createHarness({
    adapters: [echoDialect],
    env: { ALLOW_PRIVATE_TARGETS: 'on', ...env },
    fetch: outsideFetch,
  })
  const code = crypto.randomUUID()
  const { id } = await h.createApp({ echo: { code } })
  return { h, id, code, path: `/apps/${id}/providers` }
}

/** Fakes of Google's services, and the service account file that names them. */
export const fcmFor = (h: Harness) => openFcm({ deps: laneDeps({ now: () => h.clock.now }) })

export const providerOf = async (h: Harness, path: string) =>
  (await h.admin('GET', path)).json<ShownProvider>()
