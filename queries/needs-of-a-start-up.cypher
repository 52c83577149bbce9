// How far is a start-up from a provider of each need?
// For: start-ups; access, journey
// Parameter: start_up (string, 'hyivy'): the id of the start-up
// Read: 1 is a partner, 2 one introduction away; nothing stands where there is no way of up to 6 links.
// Checked: TODO
MATCH (start_up {id: $start_up}), (need:Need)
OPTIONAL MATCH (need)<-[:MEETS_NEED]-(provider:Organisation|Programme|Funder|Company)
OPTIONAL MATCH way = shortestPath((start_up)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO*..6]-(provider))
WITH need, min(length(way)) AS links
RETURN need.name AS need, links
ORDER BY links, need
