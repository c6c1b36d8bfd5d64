/**
 * Lets whatever else waits be served: between two pieces of one long answer. A step of a stream whose data is at hand
 * would else follow the last one at once, and hold the one thread until the end.
 */
export const turn = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0))
