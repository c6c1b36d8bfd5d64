import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import type { RotationState } from '../gateway/key-rotation.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { by } from './request.ts'

/** Routes for the rotation of the master key. */
export const keyRoutes = () =>
  new Hono<AppEnv>()
    .get('/keys', async (c) => c.json(presentKeys(await c.var.gateway.keys.state())))
    .post('/keys/rotation', async (c) => c.json(presentKeys(await c.var.gateway.keys.begin(by(c))), 202))

const presentKeys = ({ startedAt, finishedAt, ...state }: RotationState): Answer<typeof A.KeyState> => ({
  ...state,
  startedAt: startedAt?.toISOString() ?? null,
  finishedAt: finishedAt?.toISOString() ?? null,
})
