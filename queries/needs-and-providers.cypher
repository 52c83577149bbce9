// Who meets which support need?
// For: gaps; missing providers
// Read: a need with one provider, or none, is a gap of the ecosystem.
// Checked: ten needs; Access to Health Systems has one provider, as the report's gaps say.
MATCH (need:Need)
OPTIONAL MATCH (need)<-[:MEETS_NEED]-(provider:Organisation|Programme|Funder|Company)
RETURN need.name AS need, count(DISTINCT provider) AS providers, collect(DISTINCT provider.name) AS who
ORDER BY providers, need
