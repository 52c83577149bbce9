// Which bodies work with nobody, as far as the sources say?
// For: gaps; isolated bodies
// Read: isolated in the data, which need not be isolated in life: look for a source first.
// Checked: 73 bodies in all, as `weft communities` says.
MATCH (body:Organisation|Programme|Funder|Company)
WHERE NOT EXISTS { MATCH (body)-[:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(other:Organisation|Programme|Funder|Company) WHERE other <> body }
WITH coalesce([it IN labels(body) WHERE NOT it IN ['Organisation', 'Programme', 'Funder', 'Company']][0], labels(body)[0]) AS kind, body
ORDER BY body.name
RETURN kind, count(*) AS bodies, collect(body.name)[..5] AS for_example
ORDER BY bodies DESC, kind
