-- Sets the expiry of a set-nx-px entry anew if it is still this owner's; never makes it again.
-- KEYS[1] lock (string "owner-id holder-record"); ARGV[1] owner id, ARGV[2] lease in ms
-- returns 1 renewed, 0 gone, -1 another's
local value = redis.call('GET', KEYS[1])
if not value then
  return 0
end
if string.sub(value, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return -1
