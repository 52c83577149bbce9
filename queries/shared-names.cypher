// Which names do several nodes bear?
// For: data quality; suspected duplicates
// Read: the same body twice, or two bodies with one short name: give the name to one, or merge them.
// Checked: `lcc` alone, as `weft check` warns.
MATCH (node)
UNWIND [node.name] + coalesce(node.aliases, []) AS name
WITH toLower(name) AS name, collect(DISTINCT node.id) AS ids
WHERE size(ids) > 1
RETURN name, ids
ORDER BY name
