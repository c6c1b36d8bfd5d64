import {
  Device,
  DevicePage,
  EventList,
  Installation,
  InstallationPage,
  User,
  Would,
} from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DEVICE_FILTER, DRY_RUN, PAGE } from './parameters.ts'

const FILTERED =
  'Filters are combined with AND. A page may be short or empty even if more pages follow; `nextCursor` tells.'

export const devices = {
  '/apps/:app/devices': {
    get: {
      id: 'listDevices',
      summary: 'List the devices of an app',
      description: `Devices of all dialects, newest first. ${FILTERED}`,
      query: { ...DEVICE_FILTER, ...PAGE },
      answers: { 200: { is: 'A page of devices.', schema: DevicePage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/devices/:device': {
    get: {
      id: 'getDevice',
      summary: 'Show a device',
      query: {},
      answers: { 200: { is: 'The device.', schema: Device } },
      problems: ['app_unknown', 'device_unknown'],
    },
    delete: {
      id: 'deleteDevice',
      summary: 'Delete a device',
      description: 'If its SDK registers again, a new device is created.',
      query: DRY_RUN,
      answers: {
        200: { is: 'With `dryRun`: what would be deleted.', schema: Would },
        204: { is: 'The device is deleted.' },
      },
      problems: ['app_unknown', 'device_unknown'],
    },
  },
  '/apps/:app/devices/:device/events': {
    get: {
      id: 'listDeviceEvents',
      summary: 'Show the history of a device',
      query: {},
      answers: {
        200: { is: 'The last 100 events; an empty list if the device is unknown.', schema: EventList },
      },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<
  '/apps/:app/devices' | '/apps/:app/devices/:device' | '/apps/:app/devices/:device/events'
>

export const installations = {
  '/apps/:app/installations': {
    get: {
      id: 'listInstallations',
      summary: 'List the installations of an app',
      description: `Phones and browsers with their devices, newest first. ${FILTERED}`,
      query: { ...DEVICE_FILTER, ...PAGE },
      answers: { 200: { is: 'A page of installations.', schema: InstallationPage } },
      problems: ['app_unknown'],
    },
  },
  '/apps/:app/installations/:installation': {
    get: {
      id: 'getInstallation',
      summary: 'Show an installation',
      query: {},
      answers: { 200: { is: 'The installation.', schema: Installation } },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<'/apps/:app/installations' | '/apps/:app/installations/:installation'>

export const users = {
  '/apps/:app/users/:user': {
    get: {
      id: 'getUser',
      summary: 'Show everything stored about a user',
      description: 'The devices are paged; everything else is the same on every page.',
      query: PAGE,
      answers: { 200: { is: 'Everything stored about the user.', schema: User } },
      problems: ['app_unknown', 'not_found'],
    },
    delete: {
      id: 'eraseUser',
      summary: 'Erase a user',
      description:
        'Deletes the user in every dialect: the devices, their history and everything else that names the user. The data disappears at once; the rows are deleted in the background.',
      query: DRY_RUN,
      answers: {
        200: {
          is: 'With `dryRun`: what would be deleted; every count is 0 if nothing is stored.',
          schema: Would,
        },
        204: { is: 'The user is erased.' },
      },
      problems: ['app_unknown', 'not_found'],
    },
  },
} satisfies Operations<'/apps/:app/users/:user'>
