-- Who funds what, and how much? An empty amount is not known, which is not nought.
SELECT source AS funder, target AS recipient, amount, currency, claim_source, locator
FROM readable_ties
WHERE relation IN ('funds', 'invests_in')
ORDER BY amount DESC, funder, recipient;
