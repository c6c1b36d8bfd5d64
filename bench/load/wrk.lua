-- Sends the requests of a file one after another (load/wrk.ts writes it), and reports to another one.
local requests, at = {}, 0

function setup(thread)
  worker = thread
end

function init(args)
  report = args[2]
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local file = assert(io.open(worker:get("report"), "w"))
  file:write(string.format(
    '{"requests":%d,"duration":%d,"refused":%d,"unanswered":%d,"p50":%d,"p99":%d,"p999":%d}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
  file:close()
end
