//! The empty dataset that somebody fills in with their own region: each table with a worked row.

use weft_graph::Schema;

/// The files of a new dataset, by name: five tables, `dataset.toml` and the schema.
///
/// The worked rows speak of a region that does not exist; they import without a fault, and are
/// meant to be overwritten.
pub fn template(schema: &Schema) -> Vec<(String, String)> {
    let files = [
        ("dataset.toml", DATASET),
        ("sources.csv", SOURCES),
        ("nodes.csv", NODES),
        ("ties.csv", TIES),
        ("claims.csv", CLAIMS),
        ("facts.csv", FACTS),
        ("schema.toml", schema.text()),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

const DATASET: &str = "\
# What this dataset is. Delete the worked rows of the tables when you have your own.
title = \"Northmoor health innovation\"
description = \"Who works with whom on health innovation in Northmoor\"
licence = \"CC BY 4.0\"
currency = \"GBP\"
";

const SOURCES: &str = "\
id,title,publisher,date,retrieved,licence,address,note
northmoor-review-2025,Northmoor innovation review,Northmoor Council,2025-06,2025-07-01,CC BY 4.0,https://example.org/review,
";

const NODES: &str = "\
id,kind,name,aliases,identifiers,sector,stage,tags,valid_from,valid_to,place,distinct,introduce,amount,currency,amount_qualifier,source,locator,certainty,retrieved,note
northmoor,place,Northmoor,,,,,,,,,,,,,,northmoor-review-2025,page 1,stated,,
northmoor-health-network,partnership,Northmoor Health Network,NHN,,,,,2019,,northmoor,,,,,,northmoor-review-2025,page 4,stated,,
tideway-diagnostics,company,Tideway Diagnostics,Tideway,,diagnostics,start_up,,2023,,northmoor,,,,,,northmoor-review-2025,page 7,stated,,
";

const TIES: &str = "\
id,from,relation,to,valid_from,valid_to,key,amount,currency,amount_qualifier,role,source,locator,certainty,retrieved,note
,northmoor-health-network,supports,tideway-diagnostics,2024,,,25000,GBP,up_to,,northmoor-review-2025,\"page 7, table 2\",stated,,
";

const CLAIMS: &str = "\
node,tie,field,value,source,locator,certainty,denies,retrieved,note
tideway-diagnostics,,stage,start_up,northmoor-review-2025,page 9,implied,,,it is listed among the companies of the start-up programme
";

const FACTS: &str = "\
id,measure,subject,category,period,value,unit,qualifier,derived,of,source,locator,certainty,note
northmoor-companies-2024,health technology companies,northmoor,,2024,31,count,about,,,northmoor-review-2025,page 2,stated,
";
