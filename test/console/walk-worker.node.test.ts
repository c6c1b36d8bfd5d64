import { walk } from './walk.ts'

// The console's files are the same on both runtimes; the servers of the files and the calls differ.
walk({
  runtime: 'worker',
  ways: [
    ['light', 1440],
    ['dark', 390],
  ],
})
