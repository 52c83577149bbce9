// Which opportunities does the report see, and what does it recommend?
// For: gaps; opportunities and recommended actions
// Read: who is called on is named where the report names anybody.
// Checked: the five ties `addresses` of ties.csv.
MATCH (opportunity:Opportunity)<-[:ADDRESSES]-(action:Action)
OPTIONAL MATCH (action)-[:CALLS_ON]->(who)
WITH opportunity, action, collect(who.name) AS who
RETURN opportunity.name AS opportunity, action.name AS action, who
ORDER BY opportunity, action
