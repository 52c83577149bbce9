// What is in the graph, by kind?
// For: who connects to whom; stats
// Parameter: examples (integer, 3): how many names are shown of each kind
// Read: everything that is recorded, bodies and what is no body; names in alphabetical order.
// Checked: 427 nodes in all and the number of each kind, as `weft stats` has them.
MATCH (node)
WITH node ORDER BY node.name
WITH labels(node) AS labels, collect(node.name) AS names
RETURN labels, size(names) AS nodes, names[..$examples] AS for_example
ORDER BY nodes DESC, labels
