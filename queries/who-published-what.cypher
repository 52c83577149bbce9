// Who published, commissioned or signed what?
// For: data quality; sources
// Read: documents that the sources name, with those who stand behind them.
// Checked: 22 ties of `published` among them, as `weft stats` has them.
MATCH (body)-[tie:PUBLISHED|COMMISSIONED|SIGNED|SPONSORED]->(document)
WITH document, type(tie) AS how, collect(body.name) AS who
RETURN document.name AS document, collect(toLower(how) + ': ' + reduce(text = '', it IN who | CASE text WHEN '' THEN it ELSE text + ', ' + it END)) AS by
ORDER BY document
