import { useEffect, useState } from 'preact/hooks'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { api, whenSessionEnds } from './lib/api.ts'
import { type Who, WhoContext } from './lib/who.ts'
import { AppPage } from './pages/app-page.tsx'
import { GatewayOverview } from './pages/gateway-overview.tsx'
import { GatewaySettings } from './pages/gateway-settings.tsx'
import { NewApp } from './pages/new-app.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { NotFound } from './parts/empty.tsx'
import { Shell } from './parts/shell.tsx'

export function App() {
  return (
    <LocationProvider scope="/console">
      <Gate />
    </LocationProvider>
  )
}

/** The pages for signed-in users; others sign in at the same address and continue there. */
function Gate() {
  const { path, route } = useLocation()
  const [who, setWho] = useState<Who | null>()
  const [turn, setTurn] = useState(0)
  const signingIn = path === '/console/sign-in'

  useEffect(() => {
    whenSessionEnds(() => setWho(null))
    if (signingIn) return
    api.GET('/whoami').then(
      ({ data }) => setWho(data ?? null),
      () => setWho(null),
    )
  }, [signingIn, turn])

  const signedIn = () => {
    setWho(undefined)
    setTurn(turn + 1)
    if (signingIn) route('/console/', true)
  }
  if (signingIn || who === null) return <SignIn done={signedIn} />
  if (who === undefined) return <div class="loading-page" role="status" aria-label="Loading" />
  return (
    <WhoContext.Provider value={who}>
      <Shell>
        <Router>
          <Route path="/console/" component={GatewayOverview} />
          <Route path="/console/settings" component={GatewaySettings} />
          <Route path="/console/apps/new" component={NewApp} />
          <Route path="/console/apps/:app/:page?/:id?" component={AppPage} />
          <Route default component={NotFound} />
        </Router>
      </Shell>
    </WhoContext.Provider>
  )
}
