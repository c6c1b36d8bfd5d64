/**
 * Yields the event loop between two parts of long work. Without it, a stream whose data is ready would run to its end
 * before any other request is served.
 */
export const turn = (): Promise<void> => new Promise((resume) => setTimeout(resume, 0))
