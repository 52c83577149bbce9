//! Imports at the door: files in, and out the messages, or the graph that they make.

use std::fmt::Write as _;
use std::sync::Arc;

use weft_formats::{Diagnostic, write_json};
use weft_graph::{Change, ChangeSet, Schema, Snapshot, SnapshotBuilder, TieRecord};

use super::*;
use crate::transfer::{ExportOptions, SnapshotIndex, check, template, to_csv_files, to_document};

fn empty() -> Snapshot {
    SnapshotBuilder::new(Arc::new(Schema::bundled())).build()
}

fn inputs(files: &[(&str, &str)]) -> Vec<InputFile> {
    files.iter().map(|(name, text)| InputFile::from_bytes(*name, *text)).collect()
}

fn options(dataset: &str) -> ImportOptions {
    ImportOptions { dataset: dataset.into(), ..ImportOptions::default() }
}

/// Imports into a snapshot; gives the next one and the counts of all tables.
#[track_caller]
fn import(before: &Snapshot, files: &[InputFile], options: &ImportOptions) -> (Snapshot, String) {
    let index = SnapshotIndex::new(before);
    let schema = before.schema().clone();
    let plan = plan_import(files, &index, &schema, options).unwrap();
    let messages: Vec<String> = plan.diagnostics().kept().iter().map(ToString::to_string).collect();
    assert_eq!(plan.diagnostics().n_errors(), 0, "{}", messages.join("\n"));
    let dry = plan.dry_run().unwrap();
    let mut changes = plan.changes().unwrap();
    let list: Vec<_> = changes.by_ref().map(Result::unwrap).collect();
    let outcomes = changes.into_outcomes();
    assert_eq!(dry, outcomes);
    let total = outcomes.total();
    assert_eq!(list.len(), total.added + total.changed + total.removed);
    let counts = format!(
        "{} added, {} changed, {} same, {} removed, {} missing",
        total.added, total.changed, total.same, total.removed, total.missing
    );
    (before.with(&ChangeSet { changes: list }).unwrap(), counts)
}

#[track_caller]
fn import_text(before: &Snapshot, dataset: &str, files: &[(&str, &str)]) -> (Snapshot, String) {
    import(before, &inputs(files), &options(dataset))
}

/// The faults of files imported into a graph, which must all be rejected.
#[track_caller]
fn check_faults_in(before: &Snapshot, files: &[(&str, &str)], expected: &str) {
    let index = SnapshotIndex::new(before);
    let schema = before.schema().clone();
    let (files, options) = (inputs(files), options("test"));
    let plan = plan_import(&files, &index, &schema, &options).unwrap();
    let mut found = String::new();
    for diagnostic in plan.diagnostics().kept() {
        writeln!(found, "{diagnostic}").unwrap();
    }
    assert_eq!(found, expected);
    let refused = plan.changes().err().map(|it| it.to_string());
    let n_errors = plan.diagnostics().n_errors();
    assert_eq!(
        refused,
        Some(format!("nothing was imported: {n_errors} faults have to be mended first"))
    );
}

#[track_caller]
fn check_faults(files: &[(&str, &str)], expected: &str) {
    check_faults_in(&empty(), files, expected);
}

fn json(snapshot: &Snapshot) -> String {
    let (document, _) = to_document(snapshot, &ExportOptions::default());
    let mut bytes = Vec::new();
    write_json(&document, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

const NODES: (&str, &str) = (
    "nodes.csv",
    "id,kind,name,aliases,identifiers\n\
     uol,university,University of Leeds,UoL|Leeds Uni,GB-UKPRN:10007795\n\
     leeds,place,Leeds,,\n\
     acme,company,Acme,,\n",
);

// ------------------------------------------------------------------------------------------- faults

#[test]
fn unknown_words_are_named_with_the_nearest() {
    check_faults(
        &[
            ("nodes.csv", "kind,name,stage\nuniverity,A,\ncompany,B,startup\nuniversity,C,idea\n"),
            ("ties.csv", "from,relation,to,source\nB,host,C,nowhere\n"),
        ],
        "\
nodes.csv, row 2, column kind: `univerity` is no kind of the schema
hint: did you mean `university`?
nodes.csv, row 3, column stage: `startup` is no stage of the schema
hint: did you mean `start_up`?
nodes.csv, row 4, column stage: a university has no stage: only companies have
hint: empty the cell, or correct the kind
ties.csv, row 2, column source: the source `nowhere` is in no sources.csv
hint: add it to sources.csv, or leave the cell empty
ties.csv, row 2, column relation: `host` is no relation of the schema
hint: did you mean `hosts`?
",
    );
}

#[test]
fn ends_that_are_not_there_are_named_with_the_nearest() {
    check_faults(
        &[NODES, ("ties.csv", "from,relation,to\nAkme,supports,UoL\nacme,supports,Zebra\n")],
        "\
ties.csv, row 2, column from: `Akme` is the id, name or identifier of no node
hint: did you mean `acme`? else add it to nodes.csv
ties.csv, row 3, column to: `Zebra` is the id, name or identifier of no node
hint: add it to nodes.csv, or correct the cell
",
    );
}

#[test]
fn a_relation_between_kinds_that_it_does_not_allow_says_what_is_allowed() {
    check_faults(
        &[NODES, ("ties.csv", "from,relation,to\nleeds,hosts,acme\nuol,accelerates,uol\n")],
        "\
ties.csv, row 2, column relation: `hosts` cannot start from `leeds`, a place: only `nhs_body`, `university`, `college`, `council`, `government_body`, `charity`, `partnership`, `research_centre` and 12 more (`weft schema` lists them)
hint: from a place to a company there are `part_of`, `participates_in`, `located_near`, `mentions`, `benchmarks`, `succeeded_by`, `merged_into`
ties.csv, row 3, column relation: `accelerates` cannot go to `uol`, a university: only `company`, `collective`
hint: from a university to a university there are `hosts`, `leads`, `delivers`, `established`, `operates`, `part_of`, `member_of`, `participates_in` and 26 more (`weft schema` lists them)
",
    );
}

#[test]
fn two_rows_on_one_node_are_a_fault() {
    check_faults(
        &[(
            "nodes.csv",
            "id,kind,name,aliases,distinct,identifiers\n\
             a,company,Acme,,,X:1\n\
             a,company,Other,,,\n\
             b,company,ACME,,yes,\n\
             c,company,Widget,Acme,,X:1\n\
             d,charity,Acme,,,\n\
             ,company,Bolt,,,\n\
             ,company,Bolt,,,\n\
             ,charity,Bolt,,,\n",
        )],
        "\
nodes.csv, row 3, column id: the id `a` stands in row 2 of nodes.csv already
hint: make one row of the two, or give one of them another id
nodes.csv, row 4, column name: `acme` is also a name of `a` in row 2 of nodes.csv
hint: if they are two bodies, give each an `id` of its own and `distinct` = yes; if one, make one row of them
nodes.csv, row 5, column aliases: `acme` is also a name of `a` in row 2 of nodes.csv
hint: if they are two bodies, give each an `id` of its own and `distinct` = yes; if one, make one row of them
nodes.csv, row 5, column aliases: `acme` is also a name of `b` in row 4 of nodes.csv
hint: if they are two bodies, give each an `id` of its own and `distinct` = yes; if one, make one row of them
nodes.csv, row 5, column identifiers: `X:1` is also an identifier of `a` in row 2 of nodes.csv
hint: an identifier belongs to one node: correct or delete it
nodes.csv, row 8, column name: `Bolt` stands in row 7 of nodes.csv already
hint: if they are two bodies, give each an `id` of its own and `distinct` = yes; if one, make one row of them
nodes.csv, row 9, column name: the id `bolt` that its name makes is taken by row 7 of nodes.csv
hint: give the row an `id` of its own
",
    );
}

#[test]
fn namesakes_that_say_so_are_two_nodes() {
    let files = [("nodes.csv", "id,kind,name,distinct\na,company,Acme,yes\nb,company,Acme,yes\n")];
    assert_eq!(import_text(&empty(), "test", &files).0.n_nodes(), 2);
}

#[test]
fn two_rows_on_one_tie_are_a_fault() {
    check_faults(
        &[
            ("nodes.csv", "id,kind,name,place\na,company,A,p\nb,company,B,\np,place,P,\n"),
            (
                "ties.csv",
                "from,relation,to,key\na,partners_with,b,\nb,partners_with,a,\n\
                 a,funds,b,1\na,funds,b,2\n",
            ),
        ],
        "\
ties.csv, row 3, column from: this is the same tie as row 2 of ties.csv: `a--partners_with--b`
hint: delete one of the two rows; if they are two ties, give each a `key` or an `id`
",
    );
}

#[test]
fn a_tie_of_two_files_rests_on_both() {
    let nodes = ("nodes.csv", "id,kind,name,place\na,company,A,p\nb,company,B,\np,place,P,\n");
    let one = ("f1/ties.csv", "from,relation,to,role,valid_to\na,partners_with,b,lead,2020\n");
    let two = (
        "f2/ties.csv",
        "from,relation,to,role,source\nb,partners_with,a,,r\na,located_in,p,head office,r\n",
    );
    let files = [("sources.csv", "id,title\nr,R\n"), nodes, one, two];
    let (first, counts) = import_text(&empty(), "test", &files);
    assert_eq!(counts, "7 added, 0 changed, 0 same, 0 removed, 0 missing");
    let tie = first.tie(first.find_tie("a--partners_with--b").unwrap()).written();
    let claims: Vec<&str> = tie.claims.iter().map(|it| it.source.as_str()).collect();
    assert_eq!((claims.as_slice(), tie.role.as_deref()), (&["test", "r"][..], Some("lead")));
    let place = first.tie(first.find_tie("a--located_in--p").unwrap()).record();
    assert_eq!(place.role.as_deref(), Some("head office"));
    let (again, counts) = import_text(&first, "test", &files);
    assert_eq!(counts, "0 added, 0 changed, 7 same, 0 removed, 0 missing");
    assert_eq!(json(&again), json(&first));
    // The same from another dataset: nobody's import undoes another's.
    let (other, _) = import_text(&first, "other", &files);
    let (again, counts) = import_text(&other, "other", &files);
    assert_eq!(counts, "0 added, 0 changed, 7 same, 0 removed, 0 missing");
    assert_eq!(json(&again), json(&other));
}

#[test]
fn a_part_of_a_dataset_leaves_the_rest_of_it_alone() {
    let nodes = (
        "nodes.csv",
        "id,kind,name,stage,place\na,company,A,idea,p\nb,company,B,,p\nc,company,C,,\np,place,P,,\n",
    );
    let ties = ("ties.csv", "from,relation,to\na,funds,b\nb,funds,c\n");
    let claims = (
        "claims.csv",
        "node,tie,field,value,source,locator\na,,stage,start_up,r,p. 1\n,a|funds|b,,,r,p. 2\nb,,,,r,\n",
    );
    let facts = ("facts.csv", "id,measure,subject,value\nf,staff,a,1\n");
    let sources = ("sources.csv", "id,title\nr,R\n");
    let files = [sources, nodes, ties, claims, facts];
    for (dataset, before) in [("t", empty()), ("late", import_text(&empty(), "t", &files).0)] {
        // A fact is of one dataset.
        let files = if dataset == "t" { &files[..] } else { &files[..4] };
        let (all, _) = import_text(&before, dataset, files);
        let part = ImportOptions { is_part: true, remove_missing: true, ..options(dataset) };
        for file in files {
            let (same, counts) = import(&all, &inputs(&[*file]), &part);
            assert!(counts.starts_with("0 added, 0 changed"), "{dataset}, {}: {counts}", file.0);
            assert!(counts.ends_with("0 removed, 0 missing"), "{dataset}, {}: {counts}", file.0);
            assert_eq!(json(&same), json(&all));
        }
        let (less, counts) =
            import(&all, &inputs(&[("ties.csv", "from,relation,to\na,funds,b\n")]), &part);
        let gone = if dataset == "t" { 1 } else { 0 };
        assert_eq!(less.n_ties() + gone, all.n_ties());
        assert!(counts.contains(if gone > 0 { "1 removed" } else { "1 changed" }), "{counts}");
    }
}

#[test]
fn a_node_goes_although_its_tie_has_moved_to_another() {
    let nodes = |more: &str| format!("id,kind,name\na,company,A\nb,company,B\n{more}");
    let ties = |to: &str| format!("id,from,relation,to\naward,a,funds,{to}\n");
    let facts = |of: &str| format!("id,measure,subject,value\nf,staff,{of},1\n");
    let files = |end: &str, more: &str| {
        let text = [("nodes.csv", nodes(more)), ("ties.csv", ties(end)), ("facts.csv", facts(end))];
        text.map(|(name, text)| InputFile::from_bytes(name, text))
    };
    let (before, _) = import(&empty(), &files("old", "old,company,Old\n"), &options("t"));
    let remove = ImportOptions { remove_missing: true, ..options("t") };
    let (after, counts) = import(&before, &files("b", ""), &remove);
    assert_eq!(counts, "0 added, 2 changed, 3 same, 1 removed, 0 missing");
    assert_eq!((after.n_nodes(), after.n_ties()), (2, 1));
    // A tie that another dataset owns does not move, and keeps its end.
    let (other, _) = import(&before, &files("old", "old,company,Old\n")[..2], &options("other"));
    let remove = ImportOptions { remove_missing: true, ..options("other") };
    let (kept, _) = import(&other, &files("b", "")[..2], &remove);
    assert!(kept.find_node("old").is_some());
}

#[test]
fn a_claim_states_an_amount_with_currency_and_qualifier() {
    let row = |amount: &str| {
        format!("id,kind,name,amount,currency,amount_qualifier,source\na,project,A,{amount},r\n")
    };
    let sources = ("sources.csv", "id,title,date\nr,R,2020\ns,S,2021\n");
    let claims = |value: &str| format!("node,field,value,source\na,amount,{value},s\n");
    let shown = |row_amount: &str, value: &str| {
        let files = [("nodes.csv", &*row(row_amount)), sources, ("claims.csv", &*claims(value))];
        let (snapshot, _) = import_text(&empty(), "t", &files);
        let amount = snapshot.node(snapshot.find_node("a").unwrap()).record().amount.unwrap();
        (amount.to_string(), codes(&snapshot, "field_conflict").len())
    };
    assert_eq!(shown("1000,EUR,up_to", "1700"), ("up_to 1700 EUR".to_owned(), 1));
    assert_eq!(shown("1000,EUR,up_to", "1000"), ("up_to 1000 EUR".to_owned(), 0));
    assert_eq!(shown("1000,EUR,up_to", "1000 EUR"), ("1000 EUR".to_owned(), 1));
    assert_eq!(shown("1000,GBP,", "at_least 1000 USD"), ("at_least 1000 USD".to_owned(), 1));
    // Another dataset's row says all three as well.
    let (one, _) = import_text(&empty(), "one", &[("nodes.csv", &row("1000,GBP,exact")), sources]);
    let text = row("1000,EUR,at_least").replace(",r\n", ",s\n");
    let (two, _) = import_text(&one, "two", &[("nodes.csv", &text)]);
    let amount = two.node(two.find_node("a").unwrap()).record().amount.unwrap();
    assert_eq!(amount.to_string(), "at_least 1000 EUR");
    assert_eq!(codes(&two, "field_conflict").len(), 1);
}

#[test]
fn a_property_that_a_claim_states_keeps_its_type() {
    let sources = ("sources.csv", "id,title,date\nr,R,2020\ns,S,2021\n");
    let nodes = (
        "nodes.csv",
        "id,kind,name,staff:integer,sites:int[],source\na,company,A,5,1|2,r\nb,company,B,,,r\n",
    );
    let claims = (
        "claims.csv",
        "node,field,value,source\na,staff,09,s\na,sites,3|4,s\nb,staff,7,s\nb,open:date,2024-03-01,s\n",
    );
    let of = |snapshot: &Snapshot, id: &str| {
        format!("{:?}", snapshot.node(snapshot.find_node(id).unwrap()).record().properties)
    };
    let check = |snapshot: &Snapshot| {
        let a = r#"{"sites": List([Integer(3), Integer(4)]), "staff": Integer(9)}"#;
        assert_eq!(of(snapshot, "a"), a);
        assert_eq!(of(snapshot, "b"), r#"{"open": Date(2024-03-01), "staff": Integer(7)}"#);
    };
    let (all, _) = import_text(&empty(), "t", &[sources, nodes, claims]);
    check(&all);
    let (again, counts) = import_text(&all, "t", &[sources, nodes, claims]);
    assert!(counts.starts_with("0 added, 0 changed"), "{counts}");
    assert_eq!(json(&again), json(&all));
    let export = to_csv_files(&all, &ExportOptions::default()).unwrap();
    let tables = export.files.iter().filter(|it| it.0.ends_with(".csv"));
    let files: Vec<InputFile> =
        tables.map(|(n, bytes)| InputFile::from_bytes(n, bytes.clone())).collect();
    let (back, _) = import(&empty(), &files, &options("t"));
    assert_eq!(json(&back), json(&all));
    // Another dataset's row.
    let (one, _) = import_text(&empty(), "one", &[sources, nodes]);
    let other =
        "id,kind,name,staff:int,sites:int[],source\na,company,A,9,3|4,s\nb,company,B,7,,s\n";
    let (two, _) = import_text(&one, "two", &[("nodes.csv", other)]);
    assert!(of(&two, "a").contains("Integer(9)") && of(&two, "b").contains("Integer(7)"));
}

#[test]
fn a_claim_cannot_state_what_is_no_field_or_no_value_of_it() {
    check_faults(
        &[
            (
                "nodes.csv",
                "id,kind,name,staff:int\na,company,A,5\nb,company,B,\n",
            ),
            ("ties.csv", "id,from,relation,to\nt,a,funds,b\n"),
            ("sources.csv", "id,title\nr,R\n"),
            (
                "claims.csv",
                "node,tie,field,value,source\na,,kind,charity,r\na,,id,zz,r\na,,Stage,idea,r\n\
                 a,,staff,many,r\na,,amount,much,r\n,t,from,b,r\na,,introduce,perhaps,r\na,,stff,6,r\n",
            ),
        ],
        "\
claims.csv, row 2, column field: a claim cannot state the `kind`
hint: it can state `name`, `aliases`, `identifiers`, `sector`, `stage`, `tags`, `valid_from`, `valid_to`, `introduce`, `amount`, or a property
claims.csv, row 3, column field: a claim cannot state the `id`
hint: it can state `name`, `aliases`, `identifiers`, `sector`, `stage`, `tags`, `valid_from`, `valid_to`, `introduce`, `amount`, or a property
claims.csv, row 4, column field: a claim cannot state the `Stage`
hint: write `stage`
claims.csv, row 5, column value: `many` is not a whole number such as `42`
hint: the property `staff` is of that type: correct the value
claims.csv, row 6, column value: `much` is no amount
hint: write `1500`, `1500 EUR` or `at_least 1500 EUR`
claims.csv, row 7, column field: a claim cannot state the `from`
hint: it can state `valid_from`, `valid_to`, `amount`, `role`, or a property
claims.csv, row 8, column value: `perhaps` is no introduce
hint: write `yes` or `no`
claims.csv, row 9, column field: no row has a property `stff`: kept as one
hint: did you mean `staff`?
",
    );
}

#[test]
fn claims_and_facts_must_speak_of_what_is_there() {
    check_faults(
        &[
            NODES,
            ("sources.csv", "id,title\nr,R\n"),
            ("ties.csv", "from,relation,to,valid_from\nuol,funds,acme,2018\nuol,funds,acme,2019\n"),
            (
                "claims.csv",
                "node,tie,field,value,source\n\
                 uol,,stage,ideas,r\n\
                 nobody,,,,r\n\
                 ,uol|funds|acme,,,r\n\
                 ,uol|funds|acme|2019,,,r\n\
                 ,uol|hosts|acme,,,r\n\
                 ,a|b,,,r\n\
                 uol,,,x,r\n\
                 uol,,valid_from,soon,r\n",
            ),
            (
                "facts.csv",
                "id,measure,subject,value,derived,of\nf,staff,Leeds Uni,1,sum,f|g\nf,staff,x,2,,\n",
            ),
        ],
        "\
claims.csv, row 2, column value: `ideas` is no stage of the schema
hint: did you mean `idea`?
claims.csv, row 3, column node: `nobody` is the id, name or identifier of no node
hint: add it to nodes.csv, or correct the cell
claims.csv, row 4, column tie: `uol|funds|acme` names 2 ties
hint: write the id of one of them: `uol--funds--acme--2018`, `uol--funds--acme--2019`
claims.csv, row 6, column tie: `uol|hosts|acme` is no tie
hint: add it to ties.csv, or correct the cell
claims.csv, row 7, column tie: `a|b` names no tie
hint: write its id, or `from|relation|to`, and where needed `|valid_from|key`
claims.csv, row 8, column value: `x` is stated of no field
hint: name the `field` that has this value
claims.csv, row 9, column value: `soon` is no valid_from
hint: write a date as `2018`, `2018-04` or `2018-04-03`
facts.csv, row 2, column of: `g` is the id of no fact
hint: correct the id, or add the fact
facts.csv, row 3, column subject: `x` is the id, name or identifier of no node
hint: add it to nodes.csv, or correct the cell
facts.csv, row 3, column id: the fact `f` stands in row 2 of facts.csv already
hint: give each row an `id` of its own, or delete one
",
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_make_every_end_a_fault() {
    check_faults(
        &[("nodes.csv", "kind\ncompany\n"), ("ties.csv", "from,relation,to\na,funds,b\n")],
        "\
nodes.csv, row 1, column name: the column `name` is missing, which nodes need
hint: the columns are id, kind, name, aliases, identifiers, sector, stage, tags, valid_from, valid_to, place, distinct, introduce, amount, currency, amount_qualifier, source, locator, certainty, retrieved, note
",
    );
}

#[test]
fn what_is_there_can_stand_in_the_way() {
    let (before, _) = import_text(
        &empty(),
        "first",
        &[NODES, ("facts.csv", "id,measure,subject,value\nf,staff,uol,1\n")],
    );
    check_faults_in(
        &before,
        &[
            (
                "nodes.csv",
                "id,kind,name\nuol-2,university,uol\nacme,charity,Acme Trust\n,charity,Leeds\n",
            ),
            ("facts.csv", "id,measure,subject,value\nf,staff,uol,2\n"),
        ],
        "\
nodes.csv, row 2, column name: `uol` is also a name of `uol`, which is there
hint: write the id `uol`; if they are two bodies, `distinct` must be yes on both
nodes.csv, row 3, column kind: `acme` is there as a company, not a charity
hint: correct the kind, or give the row another `id`
nodes.csv, row 4, column name: the id `leeds` is taken by the place `Leeds`
hint: give the row an `id` of its own
facts.csv, row 2, column id: the fact `f` belongs to the dataset `first`
hint: to change that fact, write `first` into a column `weft_dataset`, as `weft export` does, or import with \
`--dataset first`; for another fact, give the row another `id`
",
    );
}

#[test]
fn nothing_of_a_rejected_import_is_streamed_and_rows_are_counted() {
    let files = inputs(&[("nodes.csv", "kind,name\ncompany,A\nx,B\ncompany,C,D\n")]);
    let before = empty();
    let (index, schema, options) = (SnapshotIndex::new(&before), Schema::bundled(), options("t"));
    let plan = plan_import(&files, &index, &schema, &options).unwrap();
    assert_eq!(plan.dry_run().unwrap().total().rejected, 2);
}

// -------------------------------------------------------------------------------- what an import does

#[test]
fn the_dialect_is_said() {
    let text = "kind;name;valid_from\r\ncompany;Caf\u{e9};31/12/2018\r\n";
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|it| it as u32 as u8).collect();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (format!("\u{feff}{text}").into_bytes(), "UTF-8 with byte order mark"),
        (utf16, "UTF-16 LE"),
        (latin, "Windows-1252"),
    ] {
        let files = [InputFile::from_bytes("nodes.csv", bytes)];
        let options = ImportOptions { dates: DateOrder::DayFirst, ..options("t") };
        let before = empty();
        let (index, schema) = (SnapshotIndex::new(&before), Schema::bundled());
        let plan = plan_import(&files, &index, &schema, &options).unwrap();
        let dialect = &plan.dialects()[0];
        let found = (dialect.encoding.as_str(), dialect.separator, dialect.dates);
        assert_eq!(found, (encoding, ';', "day first"));
        let (snapshot, _) = import(&before, &files, &options);
        let node = snapshot.node(snapshot.find_node("café").unwrap());
        assert_eq!(node.valid_from().unwrap().to_string(), "2018-12-31");
    }
}

#[test]
fn the_same_files_twice_change_nothing() {
    let files = template_inputs();
    let (first, counts) = import(&empty(), &files, &options("northmoor"));
    assert_eq!(counts, "8 added, 0 changed, 0 same, 0 removed, 0 missing");
    let (second, counts) = import(&first, &files, &options("northmoor"));
    assert_eq!(counts, "0 added, 0 changed, 8 same, 0 removed, 0 missing");
    assert_eq!(json(&first), json(&second));
}

fn template_inputs() -> Vec<InputFile> {
    let files = template(&Schema::bundled()).into_iter().filter(|it| it.0.ends_with(".csv"));
    files.map(|(name, text)| InputFile::from_bytes(name, text)).collect()
}

#[test]
fn rows_are_recognised_by_identifier_name_and_alias() {
    let (before, _) = import_text(&empty(), "t", &[NODES]);
    let again = "kind,name,identifiers\nuniversity,The University,GB-UKPRN:10007795\n\
                 place,LEEDS,\ncompany,Newcomer,\n";
    let (after, counts) = import_text(&before, "t", &[("nodes.csv", again)]);
    assert_eq!(counts, "1 added, 2 changed, 1 same, 0 removed, 1 missing");
    assert_eq!(after.node(after.find_node("uol").unwrap()).name(), "The University");
    assert!(after.find_node("newcomer").is_some());
}

#[test]
fn columns_overwrite_clear_or_leave_alone() {
    let (before, _) = import_text(
        &empty(),
        "t",
        &[(
            "nodes.csv",
            "id,kind,name,stage,sector,colour,staff:int\na,company,A,idea,x|y,red,7\n",
        )],
    );
    let (after, _) = import_text(
        &before,
        "t",
        &[("nodes.csv", "id,kind,name,stage,staff:int\na,company,A,,8\n")],
    );
    let node = after.node(after.find_node("a").unwrap()).written();
    assert_eq!(node.stage, None);
    assert_eq!(node.sectors, ["x", "y"]);
    assert_eq!(
        format!("{:?}", node.properties),
        r#"{"colour": String("red"), "staff": Integer(8)}"#
    );
}

#[test]
fn another_datasets_values_are_kept_as_claims_and_the_stronger_is_shown() {
    let row = |stage: &str, alias: &str, certainty: &str| {
        format!("id,kind,name,aliases,stage,certainty\na,company,A,{alias},{stage},{certainty}\n")
    };
    let (one, _) = import_text(&empty(), "one", &[("nodes.csv", &row("idea", "first", "implied"))]);
    let (two, counts) =
        import_text(&one, "two", &[("nodes.csv", &row("scale_up", "second", "stated"))]);
    assert_eq!(counts, "1 added, 1 changed, 0 same, 0 removed, 0 missing");
    let node = two.node(two.find_node("a").unwrap());
    assert_eq!(
        node.record().stage.as_deref(),
        Some("scale_up"),
        "what is stated is stronger than what is implied"
    );
    assert_eq!(node.aliases(), ["first", "second"]);
    let conflicts: Vec<String> = codes(&two, "field_conflict");
    assert_eq!(
        conflicts,
        ["node `a`: stage is shown as `scale_up`, others say `idea` (one)\n\
         hint: all are kept; add a claim that settles it, or explain it in the notes"]
    );
    // Nobody's import undoes another's.
    for dataset in ["one", "two"] {
        let text = match dataset {
            "one" => row("idea", "first", "implied"),
            _ => row("scale_up", "second", "stated"),
        };
        let (again, counts) = import_text(&two, dataset, &[("nodes.csv", &text)]);
        assert_eq!(counts, "0 added, 0 changed, 2 same, 0 removed, 0 missing");
        assert_eq!(json(&again), json(&two));
    }
    // What the first says anew does not touch what the second says.
    let (next, _) = import_text(&two, "one", &[("nodes.csv", &row("established", "", "implied"))]);
    let node = next.node(next.find_node("a").unwrap()).written();
    assert_eq!(
        (node.stage.as_deref(), node.aliases.as_slice()),
        (Some("established"), &["second".to_owned()][..])
    );
    assert!(node.claims.iter().any(|it| it.value.as_deref() == Some("scale_up")));
}

fn codes(snapshot: &Snapshot, code: &str) -> Vec<String> {
    let found = check(snapshot);
    found.iter().filter(|it| it.code == code).map(Diagnostic::to_string).collect()
}

#[test]
fn what_is_missing_is_reported_and_removed_when_asked() {
    let ties = ("ties.csv", "from,relation,to\nuol,supports,acme\nacme,located_in,leeds\n");
    let facts = ("facts.csv", "id,measure,subject,value\nf,staff,acme,1\n");
    let (before, _) = import_text(&empty(), "t", &[NODES, ties, facts]);
    let (before, _) =
        import_text(&before, "other", &[("nodes.csv", "id,kind,name\nleeds,place,Leeds\n")]);
    let less = ("nodes.csv", "id,kind,name\nuol,university,University of Leeds\n");
    let (kept, counts) = import_text(&before, "t", &[less]);
    assert_eq!(counts, "0 added, 0 changed, 2 same, 0 removed, 5 missing");
    assert_eq!(json(&kept), json(&before));
    let remove = ImportOptions { remove_missing: true, ..options("t") };
    let (after, counts) = import(&before, &inputs(&[less]), &remove);
    assert_eq!(counts, "0 added, 1 changed, 2 same, 4 removed, 0 missing");
    assert_eq!((after.n_nodes(), after.n_ties(), after.facts().len()), (2, 0, 0));
    let leeds = after.node(after.find_node("leeds").unwrap()).written();
    assert!(leeds.claims.iter().all(|it| it.dataset == "other"));
}

#[test]
fn a_node_that_another_dataset_needs_is_not_removed() {
    let (before, _) = import_text(&empty(), "t", &[NODES]);
    let ties = ("ties.csv", "from,relation,to\nuol,supports,acme\n");
    let (before, _) = import_text(&before, "other", &[ties]);
    let remove = ImportOptions { remove_missing: true, ..options("t") };
    let files = inputs(&[("nodes.csv", "id,kind,name\nuol,university,University of Leeds\n")]);
    let (after, counts) = import(&before, &files, &remove);
    assert_eq!(counts, "0 added, 0 changed, 2 same, 1 removed, 1 missing");
    assert!(after.find_node("acme").is_some() && after.find_node("leeds").is_none());
}

#[test]
fn claims_of_a_dataset_are_replaced_and_others_stay() {
    let claims = |locator: &str| {
        format!(
            "node,tie,field,value,source,locator,denies\nuol,,,,r,{locator},\n,uol|supports|acme,,2020,r,p. 9,ended\n"
        )
    };
    let rest = [
        NODES,
        ("sources.csv", "id,title,date\nr,R,2024\n"),
        ("ties.csv", "from,relation,to\nuol,supports,acme\n"),
    ];
    let files = |text: &str| {
        [rest.as_slice(), &[("claims.csv", text)]]
            .concat()
            .iter()
            .map(|(n, t)| InputFile::from_bytes(*n, *t))
            .collect::<Vec<_>>()
    };
    let (before, _) = import(&empty(), &files(&claims("p. 1")), &options("t"));
    let (other, _) =
        import_text(&before, "other", &[("claims.csv", "node,tie,source,locator\nuol,,r,mine\n")]);
    let (after, counts) = import(&other, &files(&claims("p. 2")), &options("t"));
    assert_eq!(counts, "0 added, 1 changed, 5 same, 0 removed, 0 missing");
    let node = after.node(after.find_node("uol").unwrap()).written();
    let locators: Vec<&str> = node.claims.iter().map(|it| it.locator.as_str()).collect();
    assert_eq!(locators, ["nodes.csv", "p. 2", "mine"]);
    let tie = after.tie(after.find_tie("uol--supports--acme").unwrap());
    assert!(!tie.is_valid_at("2021".parse::<PartialDate>().unwrap().last_key()));
}

// ------------------------------------------------------------------------------------- out and back

#[test]
fn an_export_comes_back_as_it_was() {
    let nodes = (
        "nodes.csv",
        "id,kind,name,aliases,place,introduce,amount,currency,amount_qualifier,kind:string,at:json,n:int[],distinct,retrieved,note\n\
         a,company,=1+1,<b>|x\\|y,p,no,-5,EUR,up_to,odd,\"{\"\"$point\"\":\"\"4326 1.0 2.0\"\"}\",1|2,yes,2024-01,\"two\nlines\"\n\
         p,place,\u{202e}שלום e\u{301},,,,,,,,,,,,\n",
    );
    let ties = (
        "ties.csv",
        "id,from,relation,to,valid_from,valid_to,key,amount,role,source,certainty\n\
         award-1,a,funds,a,2018,2020-03,k,12.5,@lead,r,implied\n",
    );
    let sources = ("sources.csv", "id,title,date,licence\nr,R,2024-03,CC BY\n");
    let claims = (
        "claims.csv",
        "node,tie,field,value,source,denies,note\na,,name,Acme,r,,\n,award-1,,2019,r,ended,+n\n",
    );
    let facts = (
        "facts.csv",
        "id,measure,subject,category,period,value,unit,qualifier,derived,of,source\n\
         f,staff,a,,2021/22,3,people,about,,,r\ng,staff,a,all,,6.5,people,,sum,f|f,r\nh,staff,a,lost,,,people,,,,r\n",
    );
    let (before, _) = import_text(&empty(), "t", &[nodes, ties, sources, claims, facts]);
    let export = to_csv_files(&before, &ExportOptions::default()).unwrap();
    assert_eq!(export.dropped, Vec::<String>::new());
    let schema = export.files.iter().find(|it| it.0 == "schema.toml").unwrap();
    assert_eq!(schema.1, before.schema().text().as_bytes());
    let tables = export.files.iter().filter(|it| it.0.ends_with(".csv"));
    let files: Vec<InputFile> =
        tables.map(|(n, bytes)| InputFile::from_bytes(n, bytes.clone())).collect();
    let (after, _) = import(&empty(), &files, &options("t"));
    assert_eq!(json(&after), json(&before));
    let (same, counts) = import(&before, &files, &options("t"));
    assert!(counts.starts_with("0 added, 0 changed"), "{counts}");
    assert_eq!(to_csv_files(&same, &ExportOptions::default()).unwrap(), export);
    let document = weft_formats::read_json("g.json", json(&before).as_bytes()).unwrap();
    let from_json = empty().with(&document.into_change_set()).unwrap();
    assert_eq!(json(&from_json), json(&before));
}

/// Two datasets that speak of the same bodies, and what was written in weft itself.
fn of_several_datasets() -> Snapshot {
    let ties = ("ties.csv", "from,relation,to,valid_from,source\nuol,supports,acme,2020,r\n");
    let sources = ("sources.csv", "id,title,date\nr,R,2023\n");
    let facts = ("facts.csv", "id,measure,subject,value,source\nf,staff,uol,1,r\n");
    let claims = ("claims.csv", "node,field,value,source,note\nacme,stage,idea,r,told\n");
    let (first, _) = import_text(&empty(), "first", &[NODES, sources, ties, facts, claims]);
    let nodes = (
        "nodes.csv",
        "id,kind,name,aliases,stage,tags\nacme,company,Acme Ltd,AL,start_up,x\nb,charity,B,,,\n",
    );
    let ties = ("ties.csv", "from,relation,to,valid_from,role\nuol,supports,acme,2020,mentor\n");
    let facts = ("facts.csv", "id,measure,subject,value\ng,staff,acme,2\n");
    let (second, _) = import_text(&first, "second", &[nodes, ties, facts]);
    let by_hand = Claim { source: "r".into(), locator: "by hand".into(), ..Claim::default() };
    let mut charity = second.node(second.find_node("b").unwrap()).written();
    charity.claims.push(by_hand.clone());
    let tie = TieRecord {
        source: "b".into(),
        relation: "supports".into(),
        target: "acme".into(),
        claims: vec![by_hand],
        ..TieRecord::default()
    };
    let changes = vec![Change::PutNode(charity), Change::PutTie(tie)];
    second.with(&ChangeSet { changes }).unwrap()
}

/// The tables of an export, one of them with a text in place of another.
fn exported(snapshot: &Snapshot, table: &str, before: &str, after: &str) -> Vec<InputFile> {
    let export = to_csv_files(snapshot, &ExportOptions::default()).unwrap();
    assert_eq!(export.dropped, Vec::<String>::new());
    let tables = export.files.iter().filter(|it| it.0.ends_with(".csv"));
    let edited = |name: &str, bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(name != table || text.contains(before), "{text}");
        if name == table { text.replace(before, after) } else { text }
    };
    tables.map(|(name, bytes)| InputFile::from_bytes(name, edited(name, bytes))).collect()
}

#[test]
fn an_export_of_several_datasets_comes_back_as_it_was_under_any_name() {
    let before = of_several_datasets();
    let files = exported(&before, "", "", "");
    let (after, _) = import(&empty(), &files, &options("elsewhere"));
    assert_eq!(json(&after), json(&before));
    let (same, counts) = import(&before, &files, &options("out"));
    assert_eq!(counts, "0 added, 0 changed, 11 same, 0 removed, 0 missing");
    assert_eq!(json(&same), json(&before));
    for table in ["nodes.csv", "ties.csv", "claims.csv", "facts.csv"] {
        let one: Vec<InputFile> = files.iter().filter(|it| it.name == table).cloned().collect();
        let part = ImportOptions { is_part: true, ..options("out") };
        let (same, counts) = import(&before, &one, &part);
        assert!(counts.starts_with("0 added, 0 changed"), "{table}: {counts}");
        assert_eq!(json(&same), json(&before), "{table}");
    }
}

#[test]
fn an_export_that_was_edited_changes_the_records_of_their_datasets() {
    let before = of_several_datasets();
    let check = |table: &str, old: &str, new: &str, expected: &str| {
        let options = ImportOptions { remove_missing: true, ..options("out") };
        let (after, counts) = import(&before, &exported(&before, table, old, new), &options);
        assert_eq!(counts, expected, "{table}: {new}");
        after
    };
    let one = "0 added, 1 changed, 10 same, 0 removed, 0 missing";
    let after = check("nodes.csv", "University of Leeds", "Leeds University", one);
    let node = after.node(after.find_node("uol").unwrap());
    assert_eq!(
        (node.name(), node.written().claims[0].dataset.as_str()),
        ("Leeds University", "first")
    );
    let after = check("facts.csv", "g,staff,acme,,,2", "g,staff,acme,,,3", one);
    let fact = after.facts().iter().find(|it| it.id == "g").unwrap();
    assert_eq!((fact.value, fact.dataset.as_str()), (Some(3.0), "second"));
    let after = check("claims.csv", "idea", "scale_up", one);
    let node = after.node(after.find_node("acme").unwrap());
    let told = |it: &Claim| it.note.as_deref() == Some("told") && it.dataset == "first";
    let claims = node.written().claims;
    assert_eq!(claims.iter().find(|it| told(it)).unwrap().value.as_deref(), Some("scale_up"));
    let gone = ",b,supports,acme,,,,,,,,r,by hand,stated,,,(written in weft)\r\n";
    check("ties.csv", gone, "", "0 added, 0 changed, 10 same, 1 removed, 0 missing");
    // What is added belongs to the folder that it is imported from.
    let more = format!("{gone},leeds,supports,acme,,,,,,,,r,,stated,,,\r\n").replace("leeds", "b");
    let more = more.replacen(",b,supports,acme,,,,,,,,r,,", ",b,advises,acme,,,,,,,,r,,", 1);
    let after = check("ties.csv", gone, &more, "1 added, 0 changed, 11 same, 0 removed, 0 missing");
    let tie = after.tie(after.find_tie("b--advises--acme").unwrap()).record();
    assert_eq!(tie.claims[0].dataset, "out");
}

#[test]
fn every_outcome_names_the_row_that_made_it() {
    let sources = ("sources.csv", "id,title\n\nr,R\ns,S\n");
    let ties = ("ties.csv", "from,relation,to,source\nuol,supports,acme,r\nacme,advises,uol,\n");
    let nodes = ("nodes.csv", NODES.1);
    let told = |before: &Snapshot, files: &[(&str, &str)]| -> Vec<String> {
        let (index, files) = (SnapshotIndex::new(before), inputs(files));
        let (schema, options) = (before.schema().clone(), options("mine"));
        let plan = plan_import(&files, &index, &schema, &options).unwrap();
        let kept = plan.dry_run().unwrap().kept;
        let kept = kept.iter().filter(|it| it.status != Status::Same);
        kept.map(|it| format!("{} in {} {}", it.id, it.file, it.row)).collect()
    };
    let found = told(&empty(), &[sources, nodes, ties]);
    // The source of rows without one is made by the first of them.
    assert_eq!(found[..3], ["mine in nodes.csv 2", "r in sources.csv 3", "s in sources.csv 4"]);
    assert!(found.iter().all(|it| !it.ends_with(" 0")), "{found:?}");
    let (before, _) = import_text(&empty(), "theirs", &[sources, nodes, ties]);
    let claims = "node,tie,source,locator\n,uol|supports|acme,s,p. 1\nuol,,s,p. 2\nuol,,s,p. 3\n";
    let expected = ["uol in claims.csv 3", "uol--supports--acme in claims.csv 2"];
    assert_eq!(told(&before, &[("claims.csv", claims)]), expected);
}

#[test]
fn rows_that_may_not_be_passed_on_are_withheld() {
    let sources =
        ("sources.csv", "id,title,licence\nopen,O,OGL\nshut,S,All Rights Reserved\nnone,N,\n");
    let nodes = (
        "nodes.csv",
        "id,kind,name,source\na,company,A,open\nb,company,B,shut\nc,company,C,none\n",
    );
    let ties = ("ties.csv", "from,relation,to,source\na,funds,b,open\na,funds,c,shut\n");
    let (snapshot, _) = import_text(&empty(), "t", &[sources, nodes, ties]);
    let (document, withheld) = to_document(&snapshot, &ExportOptions::default());
    assert_eq!(document.nodes.len(), 2);
    assert_eq!(format!("{withheld:?}"), r#"{Nodes: ["b"], Ties: ["a--funds--b", "a--funds--c"]}"#);
    let all = ExportOptions { include_forbidden: true, ..ExportOptions::default() };
    assert_eq!(to_document(&snapshot, &all).0.ties.len(), 2);
}

// -------------------------------------------------------------------------------------------- check

#[test]
fn check_finds_what_is_doubtful() {
    let nodes = (
        "nodes.csv",
        "id,kind,name,aliases\n\
        a,company,Acme Robotics Ltd,AR\nb,company,Robotics Acme,\nc,charity,Other,AR\nd,company,Aim 1.1,\ne,company,Aim 1.2,\nf,place,Elsewhere,\n",
    );
    let ties = ("ties.csv", "from,relation,to\na,supports,b\nc,supports,d\n");
    let facts = (
        "facts.csv",
        "id,measure,subject,value,unit,qualifier,derived,of\n\
        p,x,a,20,count,,,\nq,x,a,15,count,,,\nt,x,a,36,count,,sum,p|q\nok,x,a,35,count,,sum,p|q\ns,x,a,57.1,percent,,share,p|ok\nr,x,a,40,count,about,sum,p|q\nz,x,f,3,count,,,\n",
    );
    let (snapshot, _) = import_text(&empty(), "t", &[nodes, ties, facts]);
    let found: Vec<String> =
        check(&snapshot).iter().map(|it| format!("{}: {}", it.code, it.message)).collect();
    assert_eq!(
        found,
        [
            "does_not_add_up: fact `t` says 36, its parts give 35",
            "shared_name: `ar` is a name of 2 nodes: `a`, `c`",
            "suspected_duplicate: `Acme Robotics Ltd` (`a`) may be `Robotics Acme` (`b`)",
            "no_ties: node `e` has no tie",
            "undated_ties: 2 of 2 ties have no date, and are in at every date",
            "single_claim: 8 of 8 nodes and ties rest on a single claim",
        ]
    );
}
