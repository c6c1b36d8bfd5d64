import { useEffect, useRef, useState } from 'preact/hooks'
import { session, useAction } from '../lib/api.ts'
import { Mark } from '../parts/mark.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'

/** The fragment of a sign-in link, which is removed from the address immediately. */
function secretOfLink(): string {
  const secret = location.hash.slice(1)
  if (secret) history.replaceState(null, '', location.pathname + location.search)
  return secret
}

export function SignIn({ done }: { done: () => void }) {
  const [token, setToken] = useState('')
  const [link] = useState(secretOfLink)
  const { busy, problem, run } = useAction()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    document.title = 'Sign in · Pushport'
  }, [])

  async function enter(given: object) {
    const entered = await run(async () => {
      await session('POST', given)
      return true
    })
    if (!entered) return field.current?.focus()
    done()
  }
  useEffect(() => {
    if (link) enter({ link })
  }, [])

  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)
  return (
    <main class="sign-in">
      <div class="sign-in-box">
        <Mark />
        <h1>Sign in to Pushport</h1>
        <p class="muted">Use the admin token, or open the one-time link printed by the gateway.</p>
        <ProblemNotice problem={problem} />
        {location.protocol === 'http:' && !local && (
          <Notice kind="warn" title="This connection is not encrypted">
            Anyone on the network can read the token. Use https, or a tunnel to 127.0.0.1.
          </Notice>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            enter({ token })
          }}
        >
          <input
            class="hidden-text"
            name="username"
            autocomplete="username"
            value="admin"
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <label class="field">
            <span class="label">Admin token</span>
            <input
              ref={field}
              type="password"
              autocomplete="current-password"
              required
              value={token}
              onInput={({ currentTarget }) => setToken(currentTarget.value.trim())}
            />
          </label>
          <button class="button primary wide" type="submit" disabled={busy}>
            {busy ? 'Signing in…' : 'Sign in'}
          </button>
        </form>
        <p class="hint">
          The first start prints both. Later, <code>pushport login-link</code> creates a new link, and the
          token is in the file that <code>npm start</code> names.
        </p>
      </div>
    </main>
  )
}
