// Who helps companies, and in which way?
// For: start-ups; access
// Read: companies that are named; help for companies in general is not counted.
// Checked: the four helpers and their companies were read from ties.csv.
MATCH (helper:Organisation|Programme|Funder|Company)-[tie:ACCELERATES|SUPPORTS|ADVISES|HOSTS|INVESTS_IN|FUNDS]->(company:Company)
WITH helper, company, type(tie) AS how
ORDER BY company.name
RETURN helper.name AS helper, collect(DISTINCT how) AS ways, collect(DISTINCT company.name) AS companies
ORDER BY size(companies) DESC, helper
