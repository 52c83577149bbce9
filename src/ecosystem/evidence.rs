//! Opens a tie, a link or a path into who says so: source, place in it, date, certainty.
//!
//! Used by every result that carries a *why*. Decides nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use weft_graph::{Amount, AmountRef, Certainty, ClaimRef, Denial, NodeRef, Snapshot, TieIdx, View};
use weft_value::{PartialDate, Value};

use crate::ecosystem::words;

/// A node as results name it.
#[derive(Serialize, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeName {
    /// The stable id.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The kind, as the schema writes it.
    pub kind: String,
}

/// One claim with its source.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ClaimEvidence {
    /// The id of the source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Where in the source.
    pub locator: String,
    /// The source's date.
    pub date: Option<PartialDate>,
    /// How sure.
    pub certainty: Certainty,
    /// The one field that it speaks of; the whole record without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value that it states for that field, or the date of an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it denies, if it denies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denial: Option<Denial>,
    /// A second reading, a reason, a caution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One tie with everything that speaks for it.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct TieEvidence {
    /// The stable id.
    pub id: String,
    /// Where it starts.
    pub source: NodeName,
    /// The relation, as the schema writes it.
    pub relation: String,
    /// Where it ends.
    pub target: NodeName,
    /// "Nexus hosts Acme, 2018 to 2020".
    pub sentence: String,
    /// When it began, as far as a source says.
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    pub valid_to: Option<PartialDate>,
    /// What went along it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// As what it takes part: "second headquarters".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What tells it from another tie of this relation between the same two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Everything else that a file says of it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
    /// The certainty of its strongest claim.
    pub certainty: Certainty,
    /// Every claim on it.
    pub claims: Vec<ClaimEvidence>,
}

/// One node with everything that speaks for it.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NodeEvidence {
    /// The node.
    pub node: NodeName,
    /// The certainty of its strongest claim.
    pub certainty: Certainty,
    /// Every claim on it.
    pub claims: Vec<ClaimEvidence>,
}

/// A link between two nodes with its ties.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LinkEvidence {
    /// One end.
    pub from: NodeName,
    /// The other.
    pub to: NodeName,
    /// The ties that make the link.
    pub ties: Vec<TieEvidence>,
}

/// A path with each of its links.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct PathEvidence {
    /// The number of links.
    pub n_links: usize,
    /// The nodes from end to end.
    pub nodes: Vec<NodeName>,
    /// "Acme is supported by Nexus; Nexus is part of the University of Leeds".
    pub sentence: String,
    /// The links, one between each node and the next.
    pub links: Vec<LinkEvidence>,
}

/// Opens a tie.
pub fn tie_evidence(snapshot: &Snapshot, idx: TieIdx) -> TieEvidence {
    let tie = snapshot.tie(idx);
    let record = tie.record();
    TieEvidence {
        id: tie.id(),
        source: NodeName::of(snapshot.node(tie.source())),
        relation: tie.relation().id.clone(),
        target: NodeName::of(snapshot.node(tie.target())),
        sentence: words::tie_sentence(snapshot, tie, tie.source()),
        valid_from: tie.valid_from(),
        valid_to: tie.valid_to(),
        amount: tie.amount().map(AmountRef::to_amount),
        role: record.role,
        key: record.key,
        properties: record.properties,
        certainty: tie.certainty(),
        claims: tie.claims().map(ClaimEvidence::of).collect(),
    }
}

/// Opens a node.
pub fn node_evidence(node: NodeRef<'_>) -> NodeEvidence {
    NodeEvidence {
        node: NodeName::of(node),
        certainty: node.certainty(),
        claims: node.claims().map(ClaimEvidence::of).collect(),
    }
}

/// Opens the link between two neighbours of a view.
pub(crate) fn link_evidence(snapshot: &Snapshot, view: &View, from: u32, to: u32) -> LinkEvidence {
    let link = view.link_between(from, to).expect("the two are neighbours");
    LinkEvidence {
        from: NodeName::of(snapshot.node(view.node(from))),
        to: NodeName::of(snapshot.node(view.node(to))),
        ties: view.ties(link).iter().map(|&it| tie_evidence(snapshot, it)).collect(),
    }
}

/// Opens a path given by the nodes of a view that it runs through.
pub(crate) fn path_evidence(snapshot: &Snapshot, view: &View, path: &[u32]) -> PathEvidence {
    let mut sentences = Vec::new();
    let mut links = Vec::new();
    for (&from, &to) in path.iter().zip(path.iter().skip(1)) {
        let link = view.link_between(from, to).expect("a path goes from neighbour to neighbour");
        if let Some(&strongest) = view.ties(link).iter().min_by_key(|&&it| strength(snapshot, it)) {
            let tie = snapshot.tie(strongest);
            sentences.push(words::tie_sentence(snapshot, tie, view.node(from)));
        }
        links.push(link_evidence(snapshot, view, from, to));
    }
    let nodes = path.iter().map(|&it| NodeName::of(snapshot.node(view.node(it)))).collect();
    PathEvidence { n_links: links.len(), nodes, sentence: sentences.join("; "), links }
}

/// Orders ties, the strongest first: by certainty, then newer source, then position.
pub(crate) fn strength(
    snapshot: &Snapshot,
    idx: TieIdx,
) -> (Certainty, std::cmp::Reverse<i32>, TieIdx) {
    let tie = snapshot.tie(idx);
    let newest = tie.claims().filter_map(|it| it.source().date).map(PartialDate::last_key).max();
    (tie.certainty(), std::cmp::Reverse(newest.unwrap_or(0)), idx)
}

impl NodeName {
    pub(crate) fn of(node: NodeRef<'_>) -> Self {
        Self {
            id: node.id().to_owned(),
            name: node.name().to_owned(),
            kind: node.kind().id.clone(),
        }
    }
}

impl TieEvidence {
    /// The strongest claim that says that the tie is, or was.
    pub fn says_who(&self) -> Option<&ClaimEvidence> {
        self.claims.iter().find(|it| it.denial.is_none()).or(self.claims.first())
    }

    /// "denied as never having been: audit, page 1, 2024-02", where a source denies it.
    pub fn denial(&self) -> Option<String> {
        let parts = self.claims.iter().filter_map(|it| {
            let what = match it.denial? {
                Denial::Never => "denied as never having been".to_owned(),
                Denial::Ended => match &it.value {
                    Some(value) => format!("said to have ended in {value}"),
                    None => "said to have ended".to_owned(),
                },
            };
            Some(format!("{what}: {}", it.place()))
        });
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl ClaimEvidence {
    /// Who says so and where: "report, page 4, 2024-03".
    pub fn place(&self) -> String {
        let date = self.date.map(|it| it.to_string());
        let parts = [Some(self.source.as_str()), Some(self.locator.as_str()), date.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
        parts.join(", ")
    }

    fn of(claim: ClaimRef<'_>) -> Self {
        let source = claim.source();
        Self {
            source: source.id.clone(),
            title: source.title.clone(),
            locator: claim.locator().to_owned(),
            date: source.date,
            certainty: claim.certainty(),
            field: claim.field().map(str::to_owned),
            value: claim.value().map(str::to_owned),
            denial: claim.denial(),
            note: claim.note().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::{Change, ChangeSet, ViewSpec, fixture};

    #[test]
    fn a_tie_opens_into_its_claims() {
        let snapshot = fixture("a:council -hosts[2018..2020,implied,@2019-05,@book]-> b:facility");
        let tie = tie_evidence(&snapshot, snapshot.find_tie("a--hosts--b--2018").unwrap());
        assert_eq!(tie.sentence, "a hosts b (2018 to 2020)");
        assert_eq!((tie.certainty, tie.claims.len()), (Certainty::Implied, 2));
        assert_eq!(tie.claims[0].date.unwrap().to_string(), "2019-05");
    }

    #[test]
    fn a_tie_shows_its_role_its_key_and_what_else_a_file_says() {
        let snapshot = fixture("a:council -located_in-> b:place");
        let mut tie = snapshot.tie(snapshot.find_tie("a--located_in--b").unwrap()).record();
        tie.key = Some("2".into());
        tie.role = Some("second headquarters".into());
        tie.valid_from = "2018".parse().ok();
        tie.properties.insert("staff".into(), Value::Integer(9));
        let id = tie.id();
        let changes = vec![Change::PutTie(tie)];
        let snapshot = snapshot.with(&ChangeSet { changes }).unwrap();
        let tie = tie_evidence(&snapshot, snapshot.find_tie(&id).unwrap());
        assert_eq!(tie.sentence, "a is in b (second headquarters, since 2018)");
        assert_eq!((tie.key.as_deref(), tie.properties.len()), (Some("2"), 1));
    }

    #[test]
    fn a_denial_is_told_with_who_denies() {
        let snapshot = fixture("a:council -hosts[@2019-05]-> b:facility");
        let mut tie = snapshot.tie(snapshot.find_tie("a--hosts--b").unwrap()).record();
        let mut claim = tie.claims[0].clone();
        claim.denial = Some(Denial::Ended);
        claim.value = Some("2020".into());
        claim.locator = "page 1".into();
        tie.claims.insert(0, claim);
        let changes = vec![Change::PutTie(tie)];
        let snapshot = snapshot.with(&ChangeSet { changes }).unwrap();
        let tie = tie_evidence(&snapshot, snapshot.find_tie("a--hosts--b").unwrap());
        let said = tie.denial().unwrap();
        assert_eq!(said, "said to have ended in 2020: 2019-05, page 1, 2019-05");
        assert_eq!(tie.says_who().unwrap().denial, None);
    }

    #[test]
    fn a_path_reads_along_its_own_direction() {
        let snapshot = fixture("a:council -hosts-> b:facility; b -partners_with-> c:university");
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let index = |id: &str| view.index_of(snapshot.find_node(id).unwrap()).unwrap();
        let path = path_evidence(&snapshot, &view, &[index("c"), index("b"), index("a")]);
        assert_eq!(path.sentence, "c partners with b; b is hosted by a");
        assert_eq!((path.n_links, path.links.len()), (2, 2));
    }
}
