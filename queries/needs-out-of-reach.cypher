// Which needs are out of reach for how many start-ups?
// For: gaps; unreached needs
// Read: out of reach is three links or more from every provider, or no way at all.
// Checked: the ten rows "all" of the report's unreached needs: three needs for all 6 start-ups, one for 5,
//   six for 3; the same as patterns of one, two and three links written out by hand.
CALL weft.access() YIELD node AS start_up, needs
UNWIND needs AS it
RETURN it.need.name AS need, count(start_up) AS start_ups,
       sum(CASE WHEN it.distance <= 2 THEN 0 ELSE 1 END) AS out_of_reach
ORDER BY out_of_reach DESC, need
