// What would change if a body left?
// For: gaps; what-if
// Parameter: body (string, 'propel-yh'): the id of the body
// Read: the network in figures, and the ACCESS of start-ups, before and after; nothing is written.
// Checked: Propel@YH has 10 partners, 4 of which have no other link (ties.csv), so there are 10 links fewer
//   and 77 bodies without a link instead of 73; three start-ups were accelerated by it, and lose ACCESS.
CALL weft.what_if({without: [$body]}) YIELD finding, what, node, before, after
WHERE finding IN ['stats', 'access'] AND what <> 'went'
RETURN finding, what, node.name AS start_up, before, after
