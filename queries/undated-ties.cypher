// Which relations have no dates?
// For: data quality; caveats
// Read: a tie without a date is in at every date, so a change over time is not seen in it.
// Checked: 903 of 924 ties are undated, as the caveats of `weft stats` say.
MATCH ()-[tie]->()
WITH type(tie) AS relation, count(*) AS ties, count(coalesce(tie.valid_from, tie.valid_to)) AS dated
RETURN relation, ties, ties - dated AS undated, round(100.0 * (ties - dated) / ties) AS percent
ORDER BY undated DESC, relation
