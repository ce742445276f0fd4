-- Deletes a set-nx-px entry if it is still this owner's.
-- KEYS[1] lock (string "owner-id holder-record"); ARGV[1] owner id
-- returns 1 deleted, 0 not ours
local value = redis.call('GET', KEYS[1])
if value and string.sub(value, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' then
  return redis.call('DEL', KEYS[1])
end
return 0
