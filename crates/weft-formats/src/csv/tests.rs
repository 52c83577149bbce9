//! Tables at the door: bytes in, rows and messages out.

use std::fmt::Write as _;

use weft_value::{DateOrder, Value, ValueType};

use super::*;
use crate::{Diagnostics, inspect};

/// Reads a file and writes down its rows (as cells by column) and its diagnostics.
fn read(file: &str, bytes: &[u8], dates: DateOrder) -> String {
    let mut diagnostics = Diagnostics::default();
    let encoding = inspect(file, bytes).unwrap().encoding;
    let reader = TableReader::new(file, bytes, encoding, dates, &mut diagnostics).unwrap();
    let mut res = String::new();
    let mut n_rejected = 0;
    if let Some(mut reader) = reader {
        let options = ReadOptions { dates, ..ReadOptions::default() };
        while let Some(row) = reader.next_row(&mut diagnostics, &mut n_rejected).unwrap() {
            match row.header.table {
                Table::Sources => {
                    SourceRow::read(&row, &options, &mut diagnostics);
                }
                Table::Nodes => {
                    let node = NodeRow::read(&row, &options, &mut diagnostics);
                    writeln!(res, "{} {} {}", row.number, node.kind, node.name).unwrap();
                }
                Table::Ties => {
                    let tie = TieRow::read(&row, &options, &mut diagnostics);
                    writeln!(res, "{} {} {} {}", row.number, tie.from, tie.relation, tie.to)
                        .unwrap();
                }
                Table::Claims => {
                    ClaimRow::read(&row, &options, &mut diagnostics);
                }
                Table::Facts => {
                    let fact = FactRow::read(&row, &options, &mut diagnostics);
                    writeln!(res, "{} {} {:?}", row.number, fact.measure, fact.value).unwrap();
                }
            }
        }
    }
    for diagnostic in diagnostics.kept() {
        writeln!(res, "{diagnostic}").unwrap();
    }
    res
}

#[track_caller]
fn check(file: &str, text: &str, expected: &str) {
    assert_eq!(read(file, text.as_bytes(), DateOrder::IsoOnly), expected);
}

#[test]
fn headers_are_trimmed_and_read_without_case() {
    check("x.csv", " Kind , NAME \ncompany,Acme\n", "2 company Acme\n");
    check("x.csv", "from;relation;to\na;hosts;b\n", "2 a hosts b\n");
    check("x.csv", "kind\tname\ncompany\tA, B\n\ncompany\tC\n", "2 company A, B\n4 company C\n");
}

#[test]
fn a_header_that_is_not_understood_says_what_is_missing() {
    check(
        "nodes.csv",
        "kind,nme\ncompany,Acme\n",
        "\
nodes.csv, row 1, column nme: `nme` is no column of nodes: kept as a property
hint: did you mean `name`? if not, write `nme:string`
nodes.csv, row 1, column name: the column `name` is missing, which nodes need
hint: is it the column `nme`? then rename that
",
    );
    check("ties.csv", "from,to\na,b\n", "\
ties.csv, row 1, column relation: the column `relation` is missing, which ties need
hint: the columns are id, from, relation, to, valid_from, valid_to, key, amount, currency, amount_qualifier, role, source, locator, certainty, retrieved, note
");
    check("x.csv", "a,b\n1,2\n", "\
x.csv, row 1: the header is that of no table of weft
hint: nodes need the columns `kind` and `name`; ties `from`, `relation` and `to`; claims `source` with `node` or `tie`; facts `measure`, `subject` and `value`; sources `id` and `title`
");
    check(
        "nodes.csv",
        "kind,name,name\n",
        "\
nodes.csv, row 1, column name: the column `name` stands twice in the header
hint: rename or delete one of them
",
    );
    check("nodes.csv", "kind,name,staff:many\n", "\
nodes.csv, row 1, column staff:many: `staff:many` names no type of a property
hint: write `name:type`, the type one of `string`, `int`, `float`, `boolean`, `date`, `localtime`, `localdatetime`, `datetime`, `json`, with `[]` for lists
");
    check(
        "nodes.csv",
        "",
        "\
nodes.csv: the file is empty
hint: write at least a header, or leave the file out
",
    );
    check("facts.csv", "measure,subject,value,colour\n", "\
facts.csv, row 1, column colour: facts have no column `colour`
hint: delete it; the columns are id, measure, subject, category, period, value, unit, qualifier, derived, of, source, locator, certainty, note
");
}

#[test]
fn a_slip_in_a_header_is_a_warning() {
    check(
        "nodes.csv",
        "kind,name,colour,stge\n",
        "\
nodes.csv, row 1, column stge: `stge` is no column of nodes: kept as a property
hint: did you mean `stage`? if not, write `stge:string`
",
    );
}

#[test]
fn malformed_rows_are_named_and_the_others_read() {
    check(
        "nodes.csv",
        "kind,name\ncompany,A,B\ncompany,\"C\"x\ncompany,D\ncompany,\"E\n",
        "\
4 company D
nodes.csv, row 2: the row has 3 cells, the header 2
hint: put a cell that holds the separator into \"quotes\"
nodes.csv, row 3, column name: text follows the closing quote of the cell
hint: a quote inside a quoted cell is written twice (\"\")
nodes.csv, row 5, column name: a quote opens here and is never closed
hint: close it; a quote inside a quoted cell is written twice (\"\")
",
    );
}

#[test]
fn a_field_of_100_megabytes_is_a_fault() {
    let text = format!("kind,name\ncompany,\"{}\"\ncompany,B\n", "x".repeat(100 << 20));
    check(
        "nodes.csv",
        &text,
        "\
3 company B
nodes.csv, row 2, column name: the cell is longer than 16 MiB
hint: look for a quote that is not closed; long texts belong in their own file
",
    );
}

#[test]
fn control_characters_are_faults_and_other_scripts_are_text() {
    check(
        "nodes.csv",
        "kind,name\ncompany,A\u{7}B\ncompany,\u{9b}C\n",
        "\
nodes.csv, row 2, column name: `A\\u{7}B` holds the control character U+0007
hint: delete the character; it often comes along when text is copied from a PDF
nodes.csv, row 3, column name: `\\u{9b}C` holds the control character U+009B
hint: delete the character; it often comes along when text is copied from a PDF
",
    );
    check(
        "nodes.csv",
        "kind,name\ncompany,<b>&amp;\ncompany,=1+1\ncompany,\u{202e}שלום\ncompany,e\u{301}\n",
        "2 company <b>&amp;\n3 company =1+1\n4 company \u{202e}שלום\n5 company e\u{301}\n",
    );
}

#[test]
fn cells_that_hold_no_value_say_what_to_write() {
    let header = "id,kind,name,identifiers,valid_from,valid_to,distinct,amount,currency,\
                  amount_qualifier,certainty,staff:int";
    let row = "St James,company,,07123456,2018-02-30,03/04/2018,maybe,\"£1,000\",pounds,\
               at_leest,stted,many";
    check(
        "nodes.csv",
        &format!("{header}\n{row}\n"),
        "\
2 company 
nodes.csv, row 2, column name: `name` is empty
hint: fill it in, or delete the row
nodes.csv, row 2, column valid_from: `2018-02-30` is a day that the calendar does not have
hint: correct the day
nodes.csv, row 2, column valid_to: `03/04/2018` is ambiguous: day and month cannot be told apart
hint: write `2018-04-03`, or declare `--dates day-first`
nodes.csv, row 2, column id: `St James` cannot be an id
hint: write `st-james`: lower-case letters, digits and single hyphens
nodes.csv, row 2, column identifiers: `07123456` is no identifier
hint: write `scheme:value`, such as `GB-COH:07123456`
nodes.csv, row 2, column distinct: `maybe` is neither yes nor no
hint: write `yes` or `no`
nodes.csv, row 2, column amount_qualifier: `at_leest` is no qualifier
hint: did you mean `at_least`?
nodes.csv, row 2, column currency: `pounds` is no currency
hint: write three letters: `GBP`
nodes.csv, row 2, column amount: `£1,000` is no number
hint: write `1000`, without separators or signs of currency
nodes.csv, row 2, column certainty: `stted` is no certainty
hint: did you mean `stated`?
nodes.csv, row 2, column staff:int: `many` is not a whole number such as `42`
hint: correct the cell, or the type in the header
",
    );
    check(
        "ties.csv",
        "from,relation,to,valid_from,valid_to\na,hosts,b,2020,2018\n",
        "\
2 a hosts b
ties.csv, row 2, column valid_to: it ends (`2018`) before it begins (`2020`)
hint: swap or correct the dates
",
    );
    check(
        "claims.csv",
        "node,tie,source,denies\n,,r,perhaps\n",
        "\
claims.csv, row 2, column node: the row says of neither or of both a node and a tie
hint: fill in one of `node` and `tie`
claims.csv, row 2, column denies: `perhaps` is no denial
hint: write `never` (it never was), `ended` (it has ended) or nothing
",
    );
    check(
        "facts.csv",
        "measure,subject,value,period,derived,of\nstaff,a,ten,lately,sum,\n",
        "\
2 staff None
facts.csv, row 2, column period: `lately` is no period
hint: write `2022`, `2018/2022`, `2018/` (since) or `2021/22`
facts.csv, row 2, column value: `ten` is no number
hint: write digits, with a point before decimals, or leave it empty
facts.csv, row 2, column of: the figure is a sum of nothing
hint: name the ids of its parts
",
    );
}

#[test]
fn day_first_dates_are_read_when_declared() {
    let text = b"from,relation,to,valid_from\na,hosts,b,31/12/2018\n";
    assert_eq!(read("ties.csv", text, DateOrder::DayFirst), "2 a hosts b\n");
}

#[test]
fn what_is_written_comes_back() {
    for name in
        ["=cmd|' /C calc'!A0", "'=x", "''-y", "-5", "@a", "+44 1", "a\"b,c;d\ne\r\nf", "'plain"]
    {
        let mut writer = CsvWriter::new(Vec::new());
        writer.row(["kind", "name"]).unwrap();
        writer.row(["company", name]).unwrap();
        let bytes = writer.into_inner();
        let mut diagnostics = Diagnostics::default();
        let mut reader = TableReader::new(
            "nodes.csv",
            bytes.as_slice(),
            crate::Encoding::Utf8,
            DateOrder::IsoOnly,
            &mut diagnostics,
        )
        .unwrap()
        .unwrap();
        let row = reader.next_row(&mut diagnostics, &mut 0).unwrap().unwrap();
        assert_eq!(row.cell(Column::Name), name);
        let text = String::from_utf8(bytes).unwrap();
        let cell = text.split_once("company,").unwrap().1.trim_start_matches('"');
        assert!(name == "-5" || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn every_property_comes_back_with_its_type() {
    let point = serde_json::from_str::<Value>(r#"{"$point":"4326 -1.55 53.8"}"#).unwrap();
    let text = |it: &str| Value::String(it.into());
    let values = [
        text("x"),
        text(""),
        text(" padded "),
        text("\u{7}"),
        Value::Integer(-7),
        Value::Float(2.0),
        Value::Boolean(true),
        Value::Date("2024-03-01".parse().unwrap()),
        Value::List(vec![text("a|b"), text(r"c\")]),
        Value::List(vec![text("a"), Value::Integer(1)]),
        Value::List(vec![]),
        Value::List(vec![text("")]),
        Value::List(vec![Value::Float(1.5), Value::Float(-2.0)]),
        point,
    ];
    for value in values {
        for name in ["colour", "kind", "a:b"] {
            let (header, cell) = property_cell(Table::Nodes, name, &value).unwrap();
            let mut diagnostics = Diagnostics::default();
            let names = ["kind".to_owned(), "name".to_owned(), header];
            let header = column::Header::read("nodes.csv", &names, &mut diagnostics).unwrap();
            let column = &header.properties[0];
            assert_eq!(column.name, name);
            assert_eq!(read_value(column.kind, &cell), Ok(Some(value.clone())), "{cell}");
        }
    }
    assert_eq!(read_value(PropertyType::One(ValueType::Integer), " "), Ok(None));
}

#[test]
fn a_property_holds_no_map() {
    for cell in [r#"{"a":1}"#, "{}", r#"[{"a":1}]"#] {
        let message = read_value(PropertyType::Json, cell).unwrap_err();
        assert!(message.ends_with("that no property can hold"), "{message}");
    }
}

#[test]
fn what_is_wrong_in_a_date_or_a_number_is_named() {
    check(
        "nodes.csv",
        "kind,name,valid_from,amount\n\
         company,A,2020-13,\ncompany,B,2020-13-01,\ncompany,C,2020-12-32,\ncompany,D,0000,\n\
         company,E,,1e400\ncompany,F,,inf\n",
        "2 company A\n3 company B\n4 company C\n5 company D\n6 company E\n7 company F\n\
nodes.csv, row 2, column valid_from: `2020-13` is a month that the calendar does not have
hint: correct the month
nodes.csv, row 3, column valid_from: `2020-13-01` is a month that the calendar does not have
hint: correct the month
nodes.csv, row 4, column valid_from: `2020-12-32` is a day that the calendar does not have
hint: correct the day
nodes.csv, row 5, column valid_from: `0000` is a year that the calendar does not have
hint: correct the year
nodes.csv, row 6, column amount: `1e400` is no number
hint: it is too large: correct it, or leave it empty
nodes.csv, row 7, column amount: `inf` is no number
hint: write digits, with a point before decimals, or leave it empty
",
    );
    assert_eq!(
        read("nodes.csv", b"kind,name,valid_to\ncompany,A,31/13/2018\n", DateOrder::DayFirst),
        "2 company A\n\
nodes.csv, row 2, column valid_to: `31/13/2018` is a month that the calendar does not have
hint: correct the month
"
    );
}
