// For whom is one body the only link to everybody else?
// For: co-ordination; hubs, "without it"
// Read: the bodies named would have no link left without the one in front of them.
// Checked: Leeds Teaching Hospitals 7, Propel@YH 4, the NIHR 2 and the University of Leeds 1 are said in
//   words by the report's hubs.
MATCH (leaf:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)
WHERE leaf <> partner
WITH leaf, collect(DISTINCT partner) AS partners
WHERE size(partners) = 1
WITH partners[0] AS body, leaf
ORDER BY leaf.name
RETURN body.name AS body, count(leaf) AS bodies, collect(leaf.name) AS who
ORDER BY bodies DESC, body
