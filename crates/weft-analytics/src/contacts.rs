//! Who is linked to whom when direction does not matter; knows links, not the ties in them.

use weft_graph::View;

/// The contacts of each node, whichever way the links run.
///
/// An undirected view is read as it is; of a directed one the rows out and in are merged, with the
/// strength `a_ij + a_ji`: 1 for a link one way, 2 for links both ways.
pub(crate) struct Contacts<'a> {
    view: &'a View,
    merged: Option<Merged>,
}

#[derive(Default)]
struct Merged {
    offsets: Vec<usize>,
    contacts: Vec<u32>,
    strengths: Vec<f64>,
}

impl<'a> Contacts<'a> {
    /// O(1) for an undirected view, O(n + m) for a directed one.
    pub(crate) fn new(view: &'a View) -> Self {
        Self { view, merged: view.spec().directed.then(|| Merged::new(view)) }
    }

    /// The number of nodes.
    pub(crate) fn n(&self) -> usize {
        self.view.n()
    }

    /// The contacts of a node, in ascending order.
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        match &self.merged {
            None => self.view.neighbours(node),
            Some(merged) => &merged.contacts[merged.range(node)],
        }
    }

    /// The contacts of a node with the strength of each.
    pub(crate) fn with_strength(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let strengths = self.merged.as_ref().map(|it| &it.strengths[it.range(node)]);
        let strength = move |at: usize| strengths.map_or(1.0, |it| it[at]);
        self.of(node).iter().enumerate().map(move |(at, &contact)| (contact, strength(at)))
    }

    /// The strength between two nodes; 0 if they are not linked. O(log of the degree).
    pub(crate) fn strength_between(&self, node: u32, other: u32) -> f64 {
        let Ok(at) = self.of(node).binary_search(&other) else { return 0.0 };
        self.merged.as_ref().map_or(1.0, |it| it.strengths[it.range(node)][at])
    }

    /// How many entries of the table of who is linked to whom a strength of 1 at one node stands
    /// for: a link of an undirected view is seen from both ends, and so is an arc, which is one entry.
    pub(crate) fn arcs_a_strength(&self) -> f64 {
        if self.merged.is_some() { 0.5 } else { 1.0 }
    }
}

/// For each node its contacts of higher degree (of equal ones, of higher index): each link once, and
/// few at any node, so that triangles are found without looking at all pairs of a hub's contacts.
///
/// Latapy, *Main-memory triangle computations* (2008): no node has more than √(2m) of them.
pub(crate) struct Higher {
    offsets: Vec<u32>,
    contacts: Vec<u32>,
    /// Only in a directed view; else each is 1.
    strengths: Vec<f64>,
}

impl Higher {
    /// O(n + m) time and memory.
    pub(crate) fn new(contacts: &Contacts) -> Self {
        let n = contacts.n();
        let degrees: Vec<u32> = (0..n as u32).map(|it| contacts.of(it).len() as u32).collect();
        let n_arcs: usize = degrees.iter().map(|&it| it as usize).sum();
        // Whether a contact is higher is as good as chance, so it is not asked but added: what is not
        // is overwritten by the next, for which there is one place more.
        let mut higher = Self {
            offsets: Vec::with_capacity(n + 1),
            contacts: vec![0; n_arcs / 2 + 1],
            strengths: Vec::new(),
        };
        higher.offsets.push(0);
        let mut end = 0;
        for (node, &degree) in (0..).zip(&degrees) {
            let is_higher = |it: u32| degrees[it as usize] + u32::from(it > node) > degree;
            for &contact in contacts.of(node) {
                higher.contacts[end] = contact;
                end += usize::from(is_higher(contact));
            }
            if contacts.merged.is_some() {
                let row = contacts.with_strength(node).filter(|it| is_higher(it.0));
                higher.strengths.extend(row.map(|it| it.1));
            }
            higher.offsets.push(end as u32);
        }
        higher.contacts.truncate(end);
        higher
    }

    /// Those of a node, in ascending order of index.
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        &self.contacts[self.range(node)]
    }

    /// Those of a node with the strength of each.
    pub(crate) fn with_strength(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let strengths = self.strengths.get(self.range(node)).unwrap_or(&[]);
        let strength = |at: usize| strengths.get(at).copied().unwrap_or(1.0);
        self.of(node).iter().enumerate().map(move |(at, &contact)| (contact, strength(at)))
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        let (begin, end) = (self.offsets[node as usize], self.offsets[node as usize + 1]);
        begin as usize..end as usize
    }
}

impl Merged {
    fn new(view: &View) -> Self {
        let mut merged = Self { offsets: vec![0], ..Self::default() };
        for node in 0..view.n() as u32 {
            let (mut out, mut incoming) = (view.neighbours(node), view.in_neighbours(node));
            loop {
                let (contact, strength) = match (out.first(), incoming.first()) {
                    (None, None) => break,
                    (Some(&a), Some(&b)) if a == b => (a, 2.0),
                    (Some(&a), Some(&b)) => (a.min(b), 1.0),
                    (Some(&a), None) | (None, Some(&a)) => (a, 1.0),
                };
                out = &out[usize::from(out.first() == Some(&contact))..];
                incoming = &incoming[usize::from(incoming.first() == Some(&contact))..];
                merged.contacts.push(contact);
                merged.strengths.push(strength);
            }
            merged.offsets.push(merged.contacts.len());
        }
        merged
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.offsets[node as usize]..self.offsets[node as usize + 1]
    }
}
