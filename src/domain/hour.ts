/** Whole hours since 1970. */
export const hourOf = (at: Date): number => Math.floor(at.getTime() / 3_600_000)
