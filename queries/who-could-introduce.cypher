// Whom could a start-up meet through a partner, for which need?
// For: start-ups; introductions, "ready now"
// Parameter: start_up (string, 'hyivy'): the id of the start-up
// Read: each row is one step away: whom it goes through knows both. The needs are those that it would be
//   nearer to, met by the body itself or by one that it works with; those that bring most come first.
// Checked: the three needs that `weft journey hyivy` has one introduction away, with the same brokers; the
//   University of Leeds meets none itself, and works with bodies that meet two (ties.csv).
CALL weft.introductions($start_up, {each: 50}) YIELD list, rank, to, for_needs, brokers
WHERE list = 'ready_now'
RETURN to.name AS provider, [need IN for_needs | need.name] AS needs, [it IN brokers | it.name] AS through
ORDER BY rank
