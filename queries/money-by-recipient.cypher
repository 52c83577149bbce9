// Who has money from whom?
// For: money; flows by recipient
// Parameter: least (integer, 1000000): smaller sums are left out
// Read: one row an award, so that a sum that several share is seen as one.
// Checked: the 12 ties of ties.csv with a million or more; the sums are those of `weft flows`. 19 million
//   with UKRI are the total of a programme in which the trust is involved.
MATCH (funder)-[award:FUNDS|INVESTS_IN]->(recipient)
WHERE award.amount >= $least
RETURN recipient.name AS recipient, funder.name AS funder, award.amount_qualifier AS qualifier,
       award.amount AS amount, award.amount_currency AS currency, award.valid_from AS since
ORDER BY amount DESC, recipient, funder
