// What was replaced by what?
// For: change over time; diff
// Read: the first no longer is, or is now called by the second name.
// Checked: the three ties `succeeded_by` and the one `merged_into` of ties.csv.
MATCH (old)-[tie:SUCCEEDED_BY|MERGED_INTO]->(new)
RETURN old.name AS before, type(tie) AS how, new.name AS after, coalesce(tie.valid_from, old.valid_to) AS when
ORDER BY before
