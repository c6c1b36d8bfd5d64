import type { ComponentType } from 'preact'
import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { NotFound, Skeleton } from '../parts/empty.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { AppOverview } from './app-overview.tsx'
import { Connect } from './connect.tsx'
import { DevicePage } from './device.tsx'
import { Devices } from './devices.tsx'
import { Live } from './live.tsx'
import { PhonePage, Phones } from './phones.tsx'

const LISTS: Readonly<Record<string, ComponentType<AppProps> | undefined>> = {
  ...{ '': AppOverview, connect: Connect, live: Live, devices: Devices, phones: Phones },
}
const ONES: Readonly<Record<string, ComponentType<AppProps> | undefined>> = {
  ...{ devices: DevicePage, phones: PhonePage },
}

/** Every page of one app, which they all begin with. */
export function AppPage({ params = {} }: { params?: Record<string, string> }) {
  const { app = '', page = '', id = '' } = params
  const { data, problem, reload } = useCall(`app ${app}`, () =>
    api.GET('/apps/{app}', { params: { path: { app } } }),
  )
  if (problem?.status === 404) return <NotFound />
  if (problem) return <ProblemNotice problem={problem} retry={reload} />
  if (!data) return <Skeleton />
  const Found = id ? ONES[page] : LISTS[page]
  return Found ? <Found key={`${app} ${page} ${id}`} app={data} id={id} changed={reload} /> : <NotFound />
}
