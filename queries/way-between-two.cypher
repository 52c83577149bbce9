// Through whom do two bodies reach each other?
// For: who connects to whom; introductions
// Parameter: from (string, 'hyivy'): the id of the one
// Parameter: to (string, 'university-of-leeds'): the id of the other
// Read: one of the shortest ways; who stands in between can introduce the two.
// Checked: the first way of `weft path hyivy university-of-leeds`, over Nexus. Like that verb it leads over
//   bodies alone, not over people, products, documents, places, needs and groups without a name.
MATCH (a {id: $from}), (b {id: $to})
MATCH way = shortestPath((a)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO*..12]-(b))
WHERE none(it IN nodes(way) WHERE it:Person|Product|Document|Place|Need|Collective)
RETURN [it IN nodes(way) | it.name] AS way, [it IN relationships(way) | type(it)] AS ties, length(way) AS links
