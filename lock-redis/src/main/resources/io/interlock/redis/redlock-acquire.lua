-- One node's vote on an acquisition: grants as variant lua does, if this server may vote at all.
-- KEYS and ARGV[1] to ARGV[4] as in acquire.lua; ARGV[5] ms for which the server must have been up, 0: any time
-- returns what acquire.lua does, with the server's run id behind it
--         {-2, ms that it has been up}      started too short a time ago: it may have lost locks that still stand
local server = redis.call('INFO', 'server')
-- Whole seconds, of which the first may be a moment.
local up = (string.match(server, 'uptime_in_seconds:(%d+)') - 1) * 1000
if ARGV[5] ~= '0' and up < tonumber(ARGV[5]) then
  return {-2, math.max(0, up)}
end
local function grant()
--include acquire.lua
end
local vote = grant()
vote[#vote + 1] = string.match(server, 'run_id:(%x+)')
return vote
