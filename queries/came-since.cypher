// What has begun since a year?
// For: change over time; diff
// Parameter: since (string, '2019'): a year, a month or a day
// Read: nodes and ties that a source dates; most have no date, and are not here.
// Checked: 17 nodes, as many as `weft diff 2018 2024` says came.
MATCH (node)
WHERE node.valid_from >= $since
RETURN node.valid_from AS since, node.name AS what, null AS tie, null AS with
UNION ALL
MATCH (a)-[tie]->(b)
WHERE tie.valid_from >= $since
RETURN tie.valid_from AS since, a.name AS what, type(tie) AS tie, b.name AS with
