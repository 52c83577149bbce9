// Which start-ups are there, and with whom does each work?
// For: start-ups; access
// Read: a start-up with one partner hangs on it; with none it is alone in the data.
// Checked: the six start-ups of the report's access with its numbers of partners.
MATCH (start_up:Company)
WHERE start_up.stage IN ['idea', 'start_up', 'scale_up']
OPTIONAL MATCH (start_up)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)
WITH start_up, collect(DISTINCT partner.name) AS who
RETURN start_up.name AS start_up, start_up.stage AS stage, size(who) AS partners, who
ORDER BY partners DESC, start_up
