// Which needs of a start-up are met, and which are one introduction away?
// For: start-ups; access, journey
// Parameter: start_up (string, 'hyivy'): the id of the start-up
// Read: met is met by a partner; one introduction away, by a partner of a partner, who is named behind it.
// Checked: two met, three one introduction away, five farther, as `weft journey hyivy` says.
MATCH (start_up {id: $start_up}), (need:Need)
OPTIONAL MATCH (need)<-[:MEETS_NEED]-(partner:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(start_up)
WITH start_up, need, collect(DISTINCT partner) AS partners
OPTIONAL MATCH (need)<-[:MEETS_NEED]-(provider:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(between:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(start_up)
WHERE provider <> start_up AND NOT provider IN partners
WITH need, partners, collect(DISTINCT provider.name + ', through ' + between.name) AS introductions
RETURN need.name AS need,
       CASE WHEN size(partners) > 0 THEN 'met'
            WHEN size(introductions) > 0 THEN 'one introduction away'
            ELSE 'farther' END AS how_far,
       [it IN partners | it.name] AS met_by, introductions
ORDER BY size(partners) > 0 DESC, size(introductions) > 0 DESC, need
