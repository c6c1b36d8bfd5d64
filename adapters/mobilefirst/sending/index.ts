import type { Sending } from '../../../src/delivery/rendering.ts'
import { compose } from './body.ts'
import { render, variant } from './render.ts'

/** Messages as MobileFirst's and IBM Cloud's SDKs display and report them. */
export const sending: Sending = { compose, variant, render }
