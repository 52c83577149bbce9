-- Which figures do the sources give of each place?
SELECT f.subject AS place, f.measure, f.category, f.period, f.value, f.unit, f.source, f.locator
FROM readable_facts f
JOIN readable_nodes n ON n.id = f.subject
WHERE n.kind = 'place'
ORDER BY place, f.measure, f.period, f.category;
