import type { ComponentType } from 'preact'
import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { NotFound, Skeleton } from '../parts/empty.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { AppOverview } from './app-overview.tsx'
import { AppSettings } from './app-settings.tsx'
import { Compose } from './compose.tsx'
import { Connect } from './connect.tsx'
import { DevicePage } from './device.tsx'
import { Devices } from './devices.tsx'
import { ImportPage } from './import.tsx'
import { Imports } from './imports.tsx'
import { Limits } from './limits.tsx'
import { Live } from './live.tsx'
import { MessagePage } from './message.tsx'
import { Messages } from './messages.tsx'
import { Migration } from './migration.tsx'
import { PhonePage, Phones } from './phones.tsx'
import { Topics } from './topics.tsx'
import { UserPage, Users } from './users.tsx'
import { WebhookPage } from './webhook.tsx'

const LISTS: Readonly<Record<string, ComponentType<AppProps> | undefined>> = {
  ...{ '': AppOverview, connect: Connect, live: Live, devices: Devices, phones: Phones },
  ...{ users: Users, topics: Topics, messages: Messages, imports: Imports, migration: Migration },
  ...{ settings: AppSettings, limits: Limits },
}
const ONES: Readonly<Record<string, ComponentType<AppProps> | undefined>> = {
  ...{ devices: DevicePage, phones: PhonePage },
  ...{ users: UserPage, messages: MessagePage, imports: ImportPage },
  ...{ settings: AppSettings, webhooks: WebhookPage },
}

/** The frame of every page of an app. */
export function AppPage({ params = {} }: { params?: Record<string, string> }) {
  const { app = '', page = '', id = '' } = params
  const { data, problem, reload } = useCall(`app ${app}`, () =>
    api.GET('/apps/{app}', { params: { path: { app } } }),
  )
  if (problem?.status === 404) return <NotFound />
  if (problem) return <ProblemNotice problem={problem} retry={reload} />
  if (!data) return <Skeleton />
  const Found = page === 'messages' && id === 'new' ? Compose : id ? ONES[page] : LISTS[page]
  return Found ? <Found key={`${app} ${page} ${id}`} app={data} id={id} changed={reload} /> : <NotFound />
}
