// Which needs would lose providers if one body left?
// For: gaps; what breaks
// Read: without the body, so many bodies that meet the need are cut off from most others, of so many that
//   there are; it is not said that they would stop.
// Checked: counted anew from nodes.csv and ties.csv by a program of a few lines, with other code: the
//   University of Leeds cuts off 25 bodies, one of 2 and one of 12 providers among them, Leeds Teaching
//   Hospitals 18, 5 of 14 and 1 of 6, the Healthtech Cluster 7, 2 of 5 and 2 of 3.
CALL weft.critical() YIELD node AS body, n_cut_off, cut_off
UNWIND cut_off AS lost
MATCH (lost)-[:MEETS_NEED]->(need:Need)
WITH body, n_cut_off, need, count(DISTINCT lost) AS providers_cut_off
MATCH (need)<-[:MEETS_NEED]-(provider)
RETURN body.name AS body, n_cut_off AS cut_off, need.name AS need, providers_cut_off,
       count(DISTINCT provider) AS providers
ORDER BY cut_off DESC, body, need
