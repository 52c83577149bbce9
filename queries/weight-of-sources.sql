-- How much rests on each source, by its first claims?
SELECT claim_source AS source, count(*) AS n_ties
FROM readable_ties
GROUP BY claim_source
ORDER BY n_ties DESC;
