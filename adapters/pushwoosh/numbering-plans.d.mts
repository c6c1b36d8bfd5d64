import type { MetadataJson } from 'libphonenumber-js/core'

/**
 * The data that libphonenumber-js needs to check whether a number is valid in its country, without formats.
 * `npm run numbering-plans` regenerates it when the library is updated.
 */
export declare const numberingPlans: MetadataJson
