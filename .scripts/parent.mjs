// npm forwards a signal to the shell that it started, and some shells exit without forwarding it: a process that has
// lost its parent should stop.
export function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
