/** What package.json says: the same number in the greeting, the log, `--version` and `/healthz`. */
export { version as VERSION } from '../package.json'
