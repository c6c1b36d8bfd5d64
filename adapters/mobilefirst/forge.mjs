/**
 * What of node-forge the Worker carries: certificates and RSA, without TLS, SSH and the rest, a quarter of its whole
 * bundle. By path, as wrangler.toml gives the library's name to this file.
 */
import forge from '../../node_modules/node-forge/lib/forge.js'
import '../../node_modules/node-forge/lib/md.all.js'
import '../../node_modules/node-forge/lib/pki.js'

// biome-ignore lint/style/noDefaultExport: it stands in for a library that has one.
export default forge
