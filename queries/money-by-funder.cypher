// Who gives how much, as far as sums are named?
// For: money; flows by funder
// Parameter: currency (string, 'GBP'): the currency that is summed
// Read: a sum is a least where ties without an amount stand beside it; sums in which a body is only
//   involved are left out, and nothing is not nought.
// Checked: totals, numbers of recipients and of ties without an amount as `weft flows` has them by funder.
MATCH (funder)-[tie:FUNDS|INVESTS_IN]->(recipient)
WITH funder, recipient, tie,
     CASE WHEN tie.amount_currency = $currency AND tie.amount_qualifier <> 'involved_in' THEN tie.amount END AS amount
WITH funder, count(DISTINCT recipient) AS recipients, count(tie) AS ties, count(tie.amount) AS with_amount,
     count(amount) AS summed, sum(amount) AS total, collect(DISTINCT tie.amount_qualifier) AS qualifiers
RETURN funder.name AS funder, CASE WHEN summed > 0 THEN total END AS total, recipients,
       ties - with_amount AS without_amount, qualifiers
ORDER BY summed > 0 DESC, total DESC, recipients DESC, funder
