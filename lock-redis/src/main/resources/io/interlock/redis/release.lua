-- Frees the lock if it is still this owner's, and wakes the waiters.
-- KEYS[1] lock; ARGV[1] owner id, ARGV[2] wake-up channel, ARGV[3] command that publishes
-- returns 1 released, 0 not ours
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
-- pcall: the lock is free whether or not this user may publish; waiters then find out at their re-check.
redis.pcall(ARGV[3], ARGV[2], '1')
return 1
