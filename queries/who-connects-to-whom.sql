-- Who connects to whom, how, since when, and who says so?
-- One row a tie; dates are YYYYMMDD with 00 for what no source gives.
SELECT source, relation, target, valid_from, valid_to, claim_source, locator, certainty
FROM readable_ties
ORDER BY source, relation, target;
