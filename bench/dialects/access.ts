import type { Shot } from '../load/shot.ts'
import { type Documents, key, text } from './dialect.ts'

export type Send = (shot: Shot) => Response | Promise<Response>

/** Requests the access token with which a MobileFirst back end registers devices. */
async function accessToken(documents: Documents, send: Send): Promise<string> {
  const credential = (name: string) => key(documents, 'mobilefirst', 'clients', name)
  const application = text(documents, 'mobilefirst', 'applicationId')
  const answer = await send({
    method: 'POST',
    path: '/mfp/api/az/v1/token',
    headers: {
      Authorization: `Basic ${btoa(`${credential('clientId')}:${credential('clientSecret')}`)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `devices.write push.application.${application}`,
    }).toString(),
  })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no access token: ${answer.status}`)
  return token
}

/** The documents, with a token that is valid for this run. */
export const withAccess = async (documents: Documents, send: Send): Promise<Documents> => ({
  ...documents,
  accessToken: await accessToken(documents, send),
})
