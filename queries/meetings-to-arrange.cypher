// Whom should all start-ups together meet, so that nobody is asked too often?
// For: start-ups; introductions, the plan
// Parameter: each (integer, 3): how many introductions a start-up gets
// Parameter: cap (integer, 3): how often a body is met or introduces
// Read: one row a body to be met, those that bring most first; the gain is in ACCESS, summed.
// Checked: the rows of `weft introduce --all`, counted by provider: Nexus 3 and the Leeds
//   Institute of Clinical Trials Research 3 are at the cap, nobody is above it.
CALL weft.plan({each: $each, cap: $cap}) YIELD start_up, to, gain
RETURN to.name AS body, count(*) AS meetings, collect(start_up.name) AS start_ups,
       round(sum(gain), 3) AS gain
ORDER BY gain DESC, body
