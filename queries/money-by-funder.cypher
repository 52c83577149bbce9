// Who gives how much, as far as sums are named?
// For: money; flows by funder
// Parameter: currency (string, 'GBP'): the currency that is summed
// Read: a sum is a least where ties without an amount stand beside it; nothing is not nought.
// Checked: TODO
MATCH (funder)-[tie:FUNDS|INVESTS_IN]->(recipient)
WITH funder, count(DISTINCT recipient) AS recipients, count(tie) AS ties, count(tie.amount) AS with_amount,
     sum(CASE WHEN tie.amount_currency = $currency THEN tie.amount END) AS total,
     collect(DISTINCT tie.amount_qualifier) AS qualifiers
RETURN funder.name AS funder, CASE WHEN with_amount = 0 THEN null ELSE total END AS total, recipients,
       ties - with_amount AS without_amount, qualifiers
ORDER BY with_amount > 0 DESC, total DESC, recipients DESC, funder
