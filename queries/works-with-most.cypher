// Who works with most others?
// For: co-ordination; hubs, "works with most"
// Parameter: top (integer, 10): how many bodies are shown
// Read: partners are counted once, however many ties there are; the ties stand beside them.
// Checked: the ten rows of "Works with most" in the report, in its order.
MATCH (body:Organisation|Programme|Funder|Company)-[tie:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)
WHERE partner <> body
RETURN body.name AS body, count(DISTINCT partner) AS partners, count(DISTINCT tie) AS ties
ORDER BY partners DESC, body
LIMIT $top
