import { App, AppPage, Credential, CredentialList, Would } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DIALECT, DRY_RUN, FORCE, PAGE } from './parameters.ts'

const APP = {
  name: 'The name that operators see: 1 to 200 characters, no control characters, blanks at the ends are cut off.',
  settings: 'Choices of the app.',
  'settings.carryOver':
    'Whether a phone’s topics are copied when it first registers through another dialect. True unless set otherwise.',
  limits: 'How many devices there may be. What is left out stays; null takes a limit away.',
  'limits.devices':
    'Most devices in use in the app. A new device beyond it is refused in its dialect’s way; devices that are known go on, and those that others replaced do not count.',
  'limits.devicesPerUser':
    'Most devices of one user in one dialect, up to 1,000. When one more gets the user, the one that was seen longest ago has no user any more; it keeps token, topics and tags.',
  retention: 'For how many days things are kept. What is left out stays; null is the gateway’s own setting.',
  'retention.events':
    'The history of devices, at least 7 days: what is older cannot be undone, nor read in the feed.',
  'retention.receipts': 'Reports about messages.',
  'retention.messages': 'Messages that are over, with what became of each phone.',
  'retention.inactiveDevices':
    'Devices that have not called for so many days, at least 30, are removed. Null for never, which is the default.',
}

export const apps = {
  '/apps': {
    post: {
      id: 'createApp',
      summary: 'Create an app',
      description:
        'Makes an app that speaks the dialects given. Identifiers and secrets that are left out are generated; generated secrets are in the answer, and shown only this once. Placeholders and secrets with a line end are refused.',
      query: {},
      body: {
        ...APP,
        dialects: 'The dialects that the app speaks, by name. `{}` has everything of a dialect generated.',
        vapid:
          'The pair that browsers have subscribed with already; generated where left out. It never changes.',
        'vapid.publicKey': 'The P-256 public key in base64url, up to 200 characters.',
        'vapid.privateKey': 'The private key in base64url, up to 200 characters.',
        'vapid.subject': 'The contact for push services: a mailto: or https: address, up to 300 characters.',
      },
      example: {
        name: 'shop',
        dialects: { [DIALECT]: {} },
        settings: { carryOver: true },
        limits: { devices: 1_000_000 },
        retention: { inactiveDevices: 400 },
      },
      answers: {
        201: {
          is: 'The app, with its generated secrets.',
          schema: App,
          headers: { Location: 'The app’s address.' },
        },
      },
      problems: ['conflict'],
    },
    get: {
      id: 'listApps',
      summary: 'List apps',
      description: 'All apps, newest first, without secrets.',
      query: PAGE,
      answers: { 200: { is: 'A page of apps.', schema: AppPage } },
      problems: [],
    },
  },
  '/apps/:app': {
    get: {
      id: 'getApp',
      summary: 'Show an app',
      query: {},
      answers: { 200: { is: 'The app, without secrets.', schema: App } },
      problems: ['app_unknown'],
    },
    patch: {
      id: 'changeApp',
      summary: 'Change an app',
      description:
        'Merges, so that two changes at once both count. A secret in it is added to the live ones and replaces none. The VAPID pair never changes.',
      query: DRY_RUN,
      body: {
        ...APP,
        dialects:
          'The dialects to add or change, by name. One that is set to null is taken away with all of its devices.',
      },
      example: { name: 'shop (live)', dialects: { [DIALECT]: {} }, retention: { inactiveDevices: null } },
      answers: {
        200: {
          is: 'The app with the secrets that were generated now; with `dryRun`, what would go.',
          schema: [App, Would],
        },
      },
      problems: ['app_unknown', 'conflict'],
    },
    delete: {
      id: 'deleteApp',
      summary: 'Delete an app',
      description: 'All that belongs to it is out of sight at once, and goes in pieces.',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: what would go.', schema: Would },
        204: { is: 'The app is deleted.' },
      },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<'/apps' | '/apps/:app'>

export const credentials = {
  '/apps/:app/credentials': {
    get: {
      id: 'listCredentials',
      summary: 'List the credentials of an app',
      query: {},
      answers: { 200: { is: 'All of them, by age.', schema: CredentialList } },
      problems: ['app_unknown'],
    },
    post: {
      id: 'addCredential',
      summary: 'Add a credential',
      description:
        'Adds a secret to the live ones of a dialect that the app speaks: several may be live, so that a key is rotated without downtime.',
      query: {},
      body: {
        dialect: 'The dialect’s name.',
        kind: 'What it is in its dialect; the usual kind where left out, if there is one.',
        name: 'The public half of a pair, such as an OAuth client id; 1 to 200 characters, generated where left out.',
        secret: 'The secret, 1 to 1,000 characters; generated where left out, and then shown in the answer.',
        scopes: 'What it allows, in the dialect’s words: up to 100 of them, 1 to 200 characters each.',
      },
      example: { dialect: DIALECT },
      answers: {
        201: { is: 'The credential, with its secret where that was generated.', schema: Credential },
      },
      problems: ['app_unknown', 'conflict'],
    },
  },
  '/apps/:app/credentials/:credential': {
    delete: {
      id: 'deleteCredential',
      summary: 'Delete a credential',
      description:
        'Calls with it are refused from then on; other instances of the gateway notice within `APP_CACHE_SECONDS`.',
      query: { ...DRY_RUN, ...FORCE },
      answers: {
        200: { is: 'With `dryRun`: what would go.', schema: Would },
        204: { is: 'The credential is deleted.' },
      },
      problems: ['app_unknown', 'not_found', 'conflict'],
    },
  },
} satisfies Operations<'/apps/:app/credentials' | '/apps/:app/credentials/:credential'>
