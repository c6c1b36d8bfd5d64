import { vi } from 'vitest'

// The same tests, with the gateway in workerd over a local D1 (test/harness/server.ts).
vi.stubEnv('TEST_RUNTIME', 'worker')
await import('../pusher-beams-web.test.ts')
