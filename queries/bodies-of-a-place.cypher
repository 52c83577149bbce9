// Which bodies are in a place, or in a part of it?
// For: who connects to whom; stats by place
// Parameter: place (string, 'Leeds'): the name of the place
// Read: places are parts of places, so West Yorkshire holds what Leeds holds.
// Checked: 86 bodies, counted from the places in nodes.csv and ties.csv; Leeds has no parts in the data.
MATCH (place:Place {name: $place})<-[:PART_OF*0..]-(part:Place)<-[:LOCATED_IN]-(body:Organisation|Programme|Funder|Company)
RETURN DISTINCT body.name AS body, part.name AS place, coalesce([it IN labels(body) WHERE NOT it IN ['Organisation', 'Programme', 'Funder', 'Company']][0], labels(body)[0]) AS kind
ORDER BY kind, body
