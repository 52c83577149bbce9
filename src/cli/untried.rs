//! Why some verbs take neither `--stability` nor `--chance`, and what does: the hint below the refusal.

use clap::error::{ContextKind, ContextValue, ErrorKind};

const SIMILAR: &str = "how alike two bodies are is shown tie by tie; `weft rank fit --from NAME` takes it for who \
                       shares partners with a body";

/// The verbs, whether it is `--stability` or `--chance` that they do not take, and why.
const UNTRIED: &[(&str, &str, &str)] = &[
    (
        "gaps",
        "--stability",
        "its lists are no rankings by one figure; `weft critical --stability` tries single points of failure, \
         `weft access --stability` who is out of reach",
    ),
    (
        "matrix",
        "--chance",
        "it counts links beside what chance would leave; `weft gaps --chance` tests kinds, sectors and places",
    ),
    ("matrix", "--stability", "it counts links of groups, which have no places to keep"),
    (
        "communities",
        "--chance",
        "communities are chosen for having few ties between them, so that no test of that is fair",
    ),
    (
        "communities",
        "--stability",
        "it says by itself how far its runs agree; `weft explain community` says what that means",
    ),
    ("similar", "--chance", SIMILAR),
    ("similar", "--stability", SIMILAR),
    (
        "introduce",
        "--chance",
        "it advises on the ties on record; `weft access --chance` holds ACCESS against chance",
    ),
    (
        "introduce",
        "--stability",
        "each card says how sure it is and what would change it; `weft access --stability` tries the start-ups",
    ),
    ("flows", "--chance", "it sums money that is on record, which rewiring would give to others"),
    (
        "flows",
        "--stability",
        "it sums money that is on record; what was left out stands beside each sum",
    ),
];

/// The reason why a verb does not take what was typed, if it is one of the two.
pub(super) fn hint(
    refused: &clap::Error,
    mut typed: impl Iterator<Item = String>,
) -> Option<&'static str> {
    if refused.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(option)) = refused.get(ContextKind::InvalidArg) else {
        return None;
    };
    let verb = typed.find(|word| UNTRIED.iter().any(|it| word == it.0))?;
    UNTRIED.iter().find(|it| verb == it.0 && option == it.1).map(|it| it.2)
}
