// With whom do two bodies both work?
// For: who connects to whom; introductions
// Parameter: one (string, 'university-of-leeds'): the id of the one
// Parameter: other (string, 'leeds-teaching-hospitals-nhs-trust'): the id of the other
// Read: each row is a shared partner; few partners of its own make it the easier to ask.
// Checked: the four bodies and their numbers of partners were counted from ties.csv.
MATCH (one {id: $one})-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(partner:Organisation|Programme|Funder|Company)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(other {id: $other})
WITH DISTINCT partner
RETURN partner.name AS partner,
       COUNT { MATCH (partner)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(any:Organisation|Programme|Funder|Company) WHERE any <> partner RETURN DISTINCT any } AS partners
ORDER BY partners, partner
