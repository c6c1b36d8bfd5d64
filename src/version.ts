/** The version in package.json, shown in the greeting, the log, `--version` and `/healthz`. */
export { version as VERSION } from '../package.json'
