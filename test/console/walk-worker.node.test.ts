import { walk } from './walk.ts'

// The console's own files are the same on both; what differs is who serves them and answers its calls.
walk({
  runtime: 'worker',
  ways: [
    ['light', 1440],
    ['dark', 390],
  ],
})
