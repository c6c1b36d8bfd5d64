export const SOURCE_APP = {
  'source-app': {
    type: 'string',
    required: true,
    valueHint: 'ID',
    description: 'The app, by its id at the vendor.',
  },
} as const
