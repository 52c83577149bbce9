// Who trains people, in which programmes?
// For: gaps; canvas, talent
// Read: a programme without anybody behind it is named by the source without saying who runs it.
// Checked: 14 training programmes, as `weft stats` has them.
MATCH (programme:TrainingProgramme)
OPTIONAL MATCH (programme)-[tie:HOSTS|LEADS|DELIVERS|ESTABLISHED|OPERATES|PART_OF|MEMBER_OF|PARTICIPATES_IN|PARTNERS_WITH|COLLABORATES_ON|COORDINATES|FUNDS|INVESTS_IN|SUPPORTS|ACCELERATES|SUPPLIES|ADVISES|TRAINS|DEVELOPS|SPUN_OUT_OF|SELECTED|DRAWS_ON|HAS_RELATIONSHIP_WITH|INTRODUCED_TO]-(body:Organisation|Funder)
WITH programme, collect(DISTINCT CASE WHEN tie IS NOT NULL THEN body.name + ' (' + toLower(type(tie)) + ')' END) AS behind
RETURN programme.name AS programme, behind
ORDER BY size(behind) DESC, programme
