// npm forwards a signal to the shell that it started, and some shells exit without forwarding it: a process
// whose parent has ended should stop.
export function endWithParent() {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
