-- Grants the lock if it is free, and numbers the grant.
-- KEYS[1] lock (hash), KEYS[2] fence (string), KEYS[3] tombstone of this owner id
-- ARGV[1] owner id, ARGV[2] lease in ms, ARGV[3] fencing tokens to reserve, ARGV[4] holder record
-- returns {1, first token}                                     granted
--         {0, ms left (-1: none set), holder, token, since}    held by another
--         {-1}                                                 this owner id was undone: refused for good
-- One script, so that no crash leaves a lock without an expiry and nobody sees a grant without its token.
if redis.call('EXISTS', KEYS[3]) == 1 then
  return {-1}
end
local entry = redis.call('HMGET', KEYS[1], 'owner', 'token', 'since', 'holder')
if entry[1] == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {1, entry[2]}
end
if entry[1] then
  return {0, redis.call('PTTL', KEYS[1]), entry[4] or '', entry[2] or '', entry[3] or ''}
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.error_reply('WRONGTYPE the key is a hash that no lock made')
end
local last = redis.call('GET', KEYS[2])
if last and not tonumber(last) then
  return redis.error_reply('WRONGTYPE the fence key is a text that no lock made')
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local start = math.max((tonumber(last) or 0) + 1, now)
local fence = start + (ARGV[3] - 1)
-- From 2^53 on Lua's numbers have gaps, and one more may be the same again.
if fence >= 9007199254740992 then
  return redis.error_reply('ERR the fence is at its end, which the clock does not reach before the year 2255')
end
-- Lua prints 16-digit numbers in short form; %.0f is exact below 2^53.
local token = string.format('%.0f', start)
-- The fence goes a day after this server's clock has passed its value: from then on the clock alone is larger.
local keep = string.format('%.0f', math.ceil((fence - now) / 1000) + 86400000)
-- The first write, because only this one is refused by a full server.
redis.call('SET', KEYS[2], string.format('%.0f', fence), 'PX', keep)
-- Changes nothing, the key is missing; but a user who may not set an expiry fails here and leaves no lock without one.
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token, 'since', string.format('%.0f', now), 'holder', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1, token}
