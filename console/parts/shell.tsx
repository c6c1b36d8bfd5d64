import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api, session, useCall } from '../lib/api.ts'
import { appPath } from '../lib/query.ts'
import { applyTheme, THEMES, theme } from '../lib/theme.ts'
import { useWho } from '../lib/who.ts'
import { Icon, type IconName } from './icon.tsx'
import { Mark } from './mark.tsx'

const NAVIGATION: readonly (readonly [page: string, name: string, icon: IconName])[] = [
  ['', 'Overview', 'overview'],
  ['connect', 'Point your SDK here', 'connect'],
  ['live', 'Live', 'live'],
  ['devices', 'Devices', 'devices'],
  ['phones', 'Phones', 'phones'],
  ['users', 'Users', 'users'],
  ['topics', 'Topics', 'topics'],
  ['messages', 'Messages', 'messages'],
  ['imports', 'Imports and exports', 'imports'],
  ['migration', 'Migration', 'migration'],
  ['limits', 'Limits and retention', 'limits'],
  ['settings', 'App settings', 'settings'],
]

/** The navigation beside every page; on a narrow screen, it is behind a button. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation()
  const [open, setOpen] = useState(false)
  const main = useRef<HTMLElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const first = useRef(true)
  useEffect(() => {
    setOpen(false)
    if (!first.current) main.current?.focus()
    first.current = false
  }, [path])

  useEffect(() => {
    if (!open) return
    const close = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [open])
  return (
    <div class={open ? 'shell open' : 'shell'}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="topbar">
        <button
          ref={button}
          type="button"
          class="icon-button"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
          <span class="hidden-text">{open ? 'Close the navigation' : 'Open the navigation'}</span>
        </button>
        <a class="brand" href="/console/">
          <Mark />
          Pushport
        </a>
      </header>
      <aside class="sidebar" id="navigation" aria-label="Navigation">
        <a class="brand" href="/console/">
          <Mark />
          Pushport
        </a>
        <Navigation path={path} />
        <Account />
      </aside>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function Navigation({ path }: { path: string }) {
  const { route } = useLocation()
  const [, , , named = ''] = path.split('/')
  const app = path.startsWith('/console/apps/') && named !== 'new' ? decodeURIComponent(named) : ''
  const { data } = useCall(`apps ${app}`, () => api.GET('/apps', { params: { query: { limit: 100 } } }))
  const apps = data?.apps ?? []
  const known = apps.some(({ id }) => id === app)
  return (
    <>
      <label class="switcher">
        <span class="label">App</span>
        <select
          value={app}
          onChange={({ currentTarget: { value } }) =>
            route(value === '+' ? '/console/apps/new' : value ? appPath(value) : '/console/')
          }
        >
          <option value="">All apps</option>
          {app && !known && <option value={app}>{app}</option>}
          {apps.map(({ id, name }) => (
            <option key={id} value={id}>
              {name.length > 60 ? `${name.slice(0, 60)}…` : name}
            </option>
          ))}
          <option value="+">New app…</option>
        </select>
      </label>
      {app ? (
        <nav aria-label="This app">
          {NAVIGATION.map(([page, name, icon]) => {
            const here = path.split('/')[4] ?? ''
            return (
              <a
                key={page}
                href={page ? appPath(app, page) : appPath(app)}
                aria-current={here === page ? 'page' : undefined}
              >
                <Icon name={icon} />
                {name}
              </a>
            )
          })}
        </nav>
      ) : null}
      <nav aria-label="This gateway">
        <span class="nav-title">Gateway</span>
        <a href="/console/" aria-current={path === '/console/' ? 'page' : undefined}>
          <Icon name="gateway" />
          All apps
        </a>
        <a href="/console/settings" aria-current={path === '/console/settings' ? 'page' : undefined}>
          <Icon name="settings" />
          Access and audit
        </a>
      </nav>
    </>
  )
}

function Account() {
  const who = useWho()
  const [chosen, choose] = useState(theme)
  const { route } = useLocation()
  return (
    <div class="account">
      <label class="theme">
        <span class="hidden-text">Theme</span>
        <select
          value={chosen}
          onChange={({ currentTarget }) => {
            const next = THEMES.find((one) => one === currentTarget.value) ?? 'system'
            choose(next)
            applyTheme(next)
          }}
        >
          <option value="system">System theme</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <div class="account-line">
        <span class="account-name">
          <bdi>{who.name}</bdi>
          <span class="muted"> · {who.role}</span>
        </span>
        <button
          type="button"
          class="icon-button"
          title="Sign out"
          onClick={() => session('DELETE').finally(() => route('/console/sign-in'))}
        >
          <Icon name="out" />
          <span class="hidden-text">Sign out</span>
        </button>
      </div>
    </div>
  )
}
