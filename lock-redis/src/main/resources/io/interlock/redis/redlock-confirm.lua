-- The second round at one node: raises the fence to the end of the token's block, if the node's own grant still stands.
-- KEYS[1] lock (hash), KEYS[2] fence (string)
-- ARGV[1] owner id, ARGV[2] candidate that this node answered, ARGV[3] token, ARGV[4] last token of the block
-- returns 1 confirmed, 0 the grant does not stand any more
local entry = redis.call('HMGET', KEYS[1], 'owner', 'token')
if entry[1] ~= ARGV[1] or (entry[2] ~= ARGV[2] and entry[2] ~= ARGV[3]) then
  return 0
end
if (tonumber(redis.call('GET', KEYS[2]) or 0) or 0) < tonumber(ARGV[4]) then
  local time = redis.call('TIME')
  -- The token may come from a clock that is ahead: the fence goes a day after this server's clock has passed its value.
  local ahead = math.ceil(ARGV[4] / 1000 - (time[1] * 1000 + time[2] / 1000))
  redis.call('SET', KEYS[2], ARGV[4], 'PX', string.format('%.0f', math.max(1, ahead + 86400000)))
end
-- From here on the entry tells the token of the grant, and that it is agreed on.
redis.call('HSET', KEYS[1], 'token', ARGV[3], 'agreed', '1')
return 1
