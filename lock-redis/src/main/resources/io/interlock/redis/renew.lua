-- Sets the expiry anew if the lock is still this owner's; never makes it again.
-- KEYS[1] lock, KEYS[2] mark of a forced release; ARGV[1] owner id, ARGV[2] lease in ms
-- returns 1 renewed, 0 gone, -1 another's, -2 ended by force
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
if redis.call('GET', KEYS[2]) == ARGV[1] then
  return -2
end
return owner and -1 or 0
