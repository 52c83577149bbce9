// Which communities do the most central bodies join?
// For: co-ordination; hubs, "connects groups"
// Parameter: top (integer, 5): how many bodies are shown
// Read: a body that many shortest ways pass through, with the communities that its partners are of, its own
//   among them; here a tie of any sort makes a partner.
// Checked: the bodies are those of "Connects groups" in the report, in its order; so are the partners of the
//   University of Leeds (33), Leeds Teaching Hospitals (21) and the NIHR (16); the Academic Health Partnership
//   has 9 instead of 8, for one tie of it is no way of working together.
CALL weft.communities() YIELD name AS community, members
WITH collect({name: community, members: members}) AS communities
CALL weft.betweenness({top: $top}) YIELD node AS hub, rank
UNWIND communities AS community
WITH rank, hub, community.name AS community,
     size([it IN community.members WHERE EXISTS { (hub)--(it) }]) AS partners
WHERE partners > 0
WITH rank, hub, community, partners
ORDER BY partners DESC, community
RETURN rank, hub.name AS hub, sum(partners) AS partners, count(community) AS number,
       collect(community) AS communities
ORDER BY rank
