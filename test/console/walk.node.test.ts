import { walk } from './walk.ts'

walk({
  runtime: 'node',
  ways: [
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
    ['dark', 390],
  ],
})
