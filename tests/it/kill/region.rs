//! CSV files of a region that does not exist, for the importer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::dice::Dice;

/// Writes the five files of a dataset into a folder and returns it.
pub(super) fn write(folder: &Path, seed: u64, n_nodes: usize, n_ties: usize) -> PathBuf {
    let mut dice = Dice(seed);
    let mut sources = "id,title,date\n".to_owned();
    let mut nodes = "id,kind,name,aliases,identifiers,valid_from,source,locator\n".to_owned();
    let mut ties = "id,from,relation,to,valid_from,amount,currency,source,locator\n".to_owned();
    let mut facts = "id,measure,subject,period,value,unit,source,locator\n".to_owned();
    for at in 0..5 {
        writeln!(sources, "source-{at},Report number {at},20{at}4-03").unwrap();
    }
    for at in 0..n_nodes {
        let kind = ["company", "charity", "partnership", "funder"][dice.roll(4)];
        let (year, source) = (1990 + dice.roll(30), dice.roll(5));
        let word = dice.roll(1_000_000);
        writeln!(
            nodes,
            "body-{at},{kind},Body {at} of {word},B{at},GB-COH:{at:08},{year},source-{source},row {at}"
        )
        .unwrap();
        if at % 10 == 0 {
            writeln!(
                facts,
                "fact-{at},staff,body-{at},2022,{},count,source-{source},row {at}",
                dice.roll(500)
            )
            .unwrap();
        }
    }
    for at in 0..n_ties {
        let from = dice.roll(n_nodes);
        let to = (from + 1 + dice.roll(n_nodes - 1)) % n_nodes;
        let (year, source) = (2000 + dice.roll(24), dice.roll(5));
        writeln!(
            ties,
            "tie-{seed}-{at},body-{from},partners_with,body-{to},{year},{},GBP,source-{source},row {at}",
            1_000 * dice.roll(900)
        )
        .unwrap();
    }
    std::fs::create_dir_all(folder).unwrap();
    for (name, text) in [("sources", sources), ("nodes", nodes), ("ties", ties), ("facts", facts)] {
        std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
    folder.to_owned()
}
