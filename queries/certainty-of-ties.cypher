// How sure are the ties of each relation?
// For: data quality; sources
// Read: stated is said in words; inferred comes from outside the sources and is left out unless `--certainty inferred` is given.
// Checked: 924 ties in all and the number of each relation, as `weft stats` has them.
MATCH ()-[tie]->()
WITH type(tie) AS relation, tie.certainty AS certainty, count(*) AS ties
WITH relation, collect({certainty: certainty, ties: ties}) AS parts, sum(ties) AS total
RETURN relation, total,
       reduce(n = 0, it IN parts | n + CASE it.certainty WHEN 'stated' THEN it.ties ELSE 0 END) AS stated,
       [it IN parts WHERE it.certainty <> 'stated' | it.certainty + ' ' + toString(it.ties)] AS weaker
ORDER BY total DESC, relation
