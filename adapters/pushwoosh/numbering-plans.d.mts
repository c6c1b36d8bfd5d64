import type { MetadataJson } from 'libphonenumber-js/core'

/**
 * What libphonenumber-js needs to tell whether a number is valid in its country: the library's data without formats.
 * `npm run numbering-plans` writes them anew when the library is updated.
 */
export declare const numberingPlans: MetadataJson
