// Which bodies have more than one funder?
// For: money; flows
// Read: those with several funders lose less when one leaves.
// Checked: six recipients, counted from ties.csv; the four of research organisations in Leeds are in `weft
//   flows`.
MATCH (recipient)<-[:FUNDS|INVESTS_IN]-(funder)
WITH recipient, collect(DISTINCT funder.name) AS funders
WHERE size(funders) > 1
RETURN recipient.name AS recipient, size(funders) AS number, funders
ORDER BY number DESC, recipient
