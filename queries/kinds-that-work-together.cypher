// Which kinds of body work with which?
// For: co-ordination; the matrix of kinds
// Parameter: least (integer, 3): pairs with fewer links are left out
// Read: links, each pair of bodies counted once; kinds of the pair in alphabetical order.
// Checked: research centres with universities 18, with funders 9, with NHS bodies 6, as in `weft matrix
//   kind`.
MATCH (a:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(b:Organisation|Programme|Funder|Company)
WHERE a.id < b.id
WITH DISTINCT a, b
WITH coalesce([it IN labels(a) WHERE NOT it IN ['Organisation', 'Programme', 'Funder', 'Company']][0], labels(a)[0]) AS first,
     coalesce([it IN labels(b) WHERE NOT it IN ['Organisation', 'Programme', 'Funder', 'Company']][0], labels(b)[0]) AS second
WITH CASE WHEN first <= second THEN [first, second] ELSE [second, first] END AS kinds
WITH kinds, count(*) AS links
WHERE links >= $least
RETURN kinds[0] AS one, kinds[1] AS other, links
ORDER BY links DESC, one, other
