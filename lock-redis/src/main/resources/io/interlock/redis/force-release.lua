-- Frees the lock if it still has this token, whoever holds it, and leaves word for the former holder.
-- KEYS[1] lock, KEYS[2] mark of a forced release; ARGV[1] token, ARGV[2] wake-up channel, ARGV[3] command that publishes
-- returns 1 released, 0 no grant of this token
local entry = redis.call('HMGET', KEYS[1], 'token', 'owner')
if entry[1] ~= ARGV[1] then
  return 0
end
-- The former holder asks within what is left of its lease; a day if somebody took the expiry away.
local left = redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
-- pcall: the lock is free from here on, so what may fail now must not look like a failure of the whole.
redis.pcall('SET', KEYS[2], entry[2] or '', 'PX', left > 0 and left + 60000 or 86400000)
redis.pcall(ARGV[3], ARGV[2], '1')
return 1
