// With which places and bodies do the sources compare?
// For: data quality; facts
// Read: comparators by kind; their figures stand in `weft facts`.
// Checked: 47 ties, as `weft stats` has them.
MATCH (one)-[:BENCHMARKS]->(other)
WITH other ORDER BY other.name
RETURN labels(other)[0] AS kind, count(DISTINCT other) AS number, collect(DISTINCT other.name) AS comparators
ORDER BY number DESC, kind
