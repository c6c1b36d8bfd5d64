/**
 * The parts of node-forge that the Worker needs: DER, hashes and the ciphers of PKCS#12. Certificates, RSA,
 * TLS and the rest are left out, because they make up a third of the whole bundle. Imported by path, because
 * wrangler.toml maps the library's name to this file.
 */
import forge from '../../node_modules/node-forge/lib/forge.js'
import '../../node_modules/node-forge/lib/aes.js'
import '../../node_modules/node-forge/lib/asn1.js'
import '../../node_modules/node-forge/lib/des.js'
import '../../node_modules/node-forge/lib/hmac.js'
import '../../node_modules/node-forge/lib/md.all.js'
import '../../node_modules/node-forge/lib/oids.js'
import '../../node_modules/node-forge/lib/rc2.js'

// biome-ignore lint/style/noDefaultExport: it stands in for a library that has one.
export default forge
