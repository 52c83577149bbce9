// With whom does a body work, and how?
// For: who connects to whom; the report's page of each hub
// Parameter: body (string, 'nexus'): the id of the body
// Read: one row a partner with all that ties the two; an arrow shows which way a tie runs.
// Checked: the six partners of Nexus are those that `weft hubs` counts, the ties those of `weft who nexus`
//   to bodies.
MATCH (body {id: $body})-[tie:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)
WHERE partner <> body
RETURN partner.name AS partner,
       collect(CASE WHEN startNode(tie) = body THEN '-> ' ELSE '<- ' END + type(tie)) AS ties,
       min(tie.certainty) AS certainty
ORDER BY partner
