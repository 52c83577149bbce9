// Which needs are out of reach for how many start-ups?
// For: gaps; unreached needs
// Read: out of reach is three links or more from every provider, or no way at all.
// Checked: the ten rows "all" of the report's unreached needs: three needs for all 6 start-ups, one for 5,
//   six for 3.
MATCH (start_up:Company), (need:Need)
WHERE start_up.stage IN ['idea', 'start_up', 'scale_up']
WITH need, start_up,
     EXISTS { (start_up)-[:MEETS_NEED]->(need) }
     OR EXISTS { (start_up)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)-[:MEETS_NEED]->(need) }
     OR EXISTS { (start_up)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(between:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(provider:Organisation|Programme|Funder|Company)-[:MEETS_NEED]->(need) }
     AS is_near
RETURN need.name AS need, count(start_up) AS start_ups,
       sum(CASE WHEN is_near THEN 0 ELSE 1 END) AS out_of_reach
ORDER BY out_of_reach DESC, need
