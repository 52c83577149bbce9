// Who is said to lead or co-ordinate what?
// For: co-ordination; hubs
// Read: what a body leads, co-ordinates or runs by the words of a source, not by its place in the network.
// Checked: 25 ties: the 8 of `leads`, 7 of `coordinates` and 10 of `operates` in ties.csv.
MATCH (body:Organisation|Programme|Funder|Company)-[tie:LEADS|COORDINATES|OPERATES]->(what)
WITH body, type(tie) AS how, collect(what.name) AS what
RETURN body.name AS body, how, size(what) AS number, what
ORDER BY number DESC, body, how
