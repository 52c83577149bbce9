-- Which support needs are met by how many? Needs that nobody meets stand first.
SELECT n.name AS need, count(t.source) AS n_providers, group_concat(t.source, ', ') AS providers
FROM readable_nodes n
LEFT JOIN readable_ties t ON t.target = n.id AND t.relation = 'meets_need'
WHERE n.kind = 'need'
GROUP BY n.id
ORDER BY n_providers, need;
