-- Makes an owner id harmless: frees what it holds, and blocks it in case its request is still on its way.
-- KEYS[1] lock, KEYS[2] tombstone of the owner id
-- ARGV[1] owner id, ARGV[2] ms to block, ARGV[3] wake-up channel, ARGV[4] command that publishes
-- returns 1: done, whether or not there was anything
-- Freed first: a full server still deletes, and lets a script that has deleted write.
-- pcall: of a key of another type nothing is this owner's, and an error is equal to no id; the tombstone counts all the same.
if redis.pcall('HGET', KEYS[1], 'owner') == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.pcall(ARGV[4], ARGV[3], '1')
end
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
return 1
