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
    /// Of each node the sum of its strengths, and the greatest.
    totals: Vec<f64>,
    greatest: Vec<f64>,
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

    /// The sum of the strengths of a node.
    pub(crate) fn total(&self, node: u32) -> f64 {
        match &self.merged {
            None => self.of(node).len() as f64,
            Some(merged) => merged.totals[node as usize],
        }
    }

    /// The greatest strength of a node that has contacts.
    pub(crate) fn greatest(&self, node: u32) -> f64 {
        self.merged.as_ref().map_or(1.0, |it| it.greatest[node as usize])
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
    signatures: Vec<Signature>,
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
            signatures: Vec::with_capacity(n),
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
            let begin = higher.offsets[node as usize] as usize;
            higher.signatures.push(Signature::of(&higher.contacts[begin..end]));
            higher.offsets.push(end as u32);
        }
        higher.contacts.truncate(end);
        higher
    }

    /// Those of a node, in ascending order of index.
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        &self.contacts[self.range(node)]
    }

    /// Where those of a node stand that may be linked to another of them: all that are, and few others. The
    /// memory has one place more than the view has nodes.
    pub(crate) fn middles<'b>(&self, node: u32, memory: &'b mut [u32]) -> &'b [u32] {
        let signature = self.signatures[node as usize];
        // Whether a list is worth reading is added rather than asked after, as it cannot be foreseen.
        let mut n_middles = 0;
        for at in self.range(node) {
            memory[n_middles] = at as u32;
            let middle = self.contacts[at] as usize;
            n_middles += usize::from(signature.may_share(self.signatures[middle]));
        }
        &memory[..n_middles]
    }

    /// The one that stands at a place.
    pub(crate) fn at(&self, place: u32) -> u32 {
        self.contacts[place as usize]
    }

    /// The strength of the link to the one that stands at a place.
    pub(crate) fn strength(&self, place: u32) -> f64 {
        self.strengths.get(place as usize).copied().unwrap_or(1.0)
    }

    /// Where those of a node stand.
    pub(crate) fn range(&self, node: u32) -> std::ops::Range<usize> {
        let (begin, end) = (self.offsets[node as usize], self.offsets[node as usize + 1]);
        begin as usize..end as usize
    }
}

/// A list of nodes as a few bits of each, in two ways: of short lists most that have no node in common
/// have no bit in common one way or the other, so that they need not be read (Bloom, *Space/time
/// trade-offs in hash coding with allowable errors*, 1970).
#[derive(Clone, Copy, Default)]
struct Signature([u64; 2]);

impl Signature {
    fn of(nodes: &[u32]) -> Self {
        nodes.iter().fold(Self::default(), |Self([left, right]), node| {
            // Knuth's multiplicative hash: the highest bits depend on all of the number.
            let hash = node.wrapping_mul(0x9e37_79b9);
            Self([left | 1 << (hash >> 26), right | 1 << (hash >> 20 & 63)])
        })
    }

    /// False only if the lists have no node in common.
    fn may_share(self, other: Self) -> bool {
        (self.0[0] & other.0[0] != 0) & (self.0[1] & other.0[1] != 0)
    }
}

impl Merged {
    fn new(view: &View) -> Self {
        let mut merged = Self { offsets: vec![0], ..Self::default() };
        for node in 0..view.n() as u32 {
            let (mut out, mut incoming) = (view.neighbours(node), view.in_neighbours(node));
            let (mut total, mut greatest) = (0.0, 0.0_f64);
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
                total += strength;
                greatest = greatest.max(strength);
            }
            merged.totals.push(total);
            merged.greatest.push(greatest);
            merged.offsets.push(merged.contacts.len());
        }
        merged
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.offsets[node as usize]..self.offsets[node as usize + 1]
    }
}
