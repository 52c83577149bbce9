// Which networks and partnerships are there, and who is in them?
// For: co-ordination; hubs
// Read: a network without members is one that the sources name without saying who is in it.
// Checked: 17 partnerships, 7 members of Leeds Academic Health Partnership and 5 of Leeds Digital Health,
//   counted from nodes.csv and ties.csv.
MATCH (network:Partnership)
OPTIONAL MATCH (network)<-[:MEMBER_OF|PARTICIPATES_IN]-(member:Organisation|Programme|Funder|Company)
RETURN network.name AS network, count(member) AS members, collect(member.name) AS who
ORDER BY members DESC, network
