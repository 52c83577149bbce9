//! What was counted on the views of one snapshot, so that findings that follow one another count it once.
//!
//! Handed from one finding to the next by whoever asks for several; a finding that is asked for alone
//! starts with an empty one. Measures alone, no findings.

use std::sync::Arc;

use weft_analytics::{Closeness, Interrupted, Run, SampledBetweenness, closeness_in};
use weft_graph::{View, ViewSpec};

use crate::ecosystem::between::{between, between_without};

/// Measures by the view that they were taken on; all views are of the same snapshot.
#[derive(Debug, Default)]
pub struct Counted {
    views: Vec<(ViewSpec, Measures)>,
}

#[derive(Debug, Default)]
struct Measures {
    betweenness: Option<Arc<SampledBetweenness>>,
    closeness: Option<Arc<[Closeness]>>,
}

impl Counted {
    /// Betweenness of all bodies, exact or estimated.
    ///
    /// # Errors
    /// If it was interrupted.
    pub fn betweenness(
        &mut self,
        view: &View,
        run: &mut Run<'_>,
    ) -> Result<Arc<SampledBetweenness>, Interrupted> {
        let known = &mut self.of(view).betweenness;
        if let Some(known) = known {
            return Ok(known.clone());
        }
        Ok(known.insert(Arc::new(between(view, run)?)).clone())
    }

    /// The same, with what it is without each of some links, in one sweep.
    pub(crate) fn betweenness_without(
        &mut self,
        view: &View,
        links: &[u32],
        run: &mut Run<'_>,
    ) -> Result<(Arc<SampledBetweenness>, Vec<Vec<f64>>), Interrupted> {
        if links.is_empty() {
            return Ok((self.betweenness(view, run)?, Vec::new()));
        }
        let (found, without) = between_without(view, links, run)?;
        Ok((self.of(view).betweenness.insert(Arc::new(found)).clone(), without))
    }

    /// Closeness of all bodies.
    pub(crate) fn closeness(
        &mut self,
        view: &View,
        run: &mut Run<'_>,
    ) -> Result<Arc<[Closeness]>, Interrupted> {
        let known = &mut self.of(view).closeness;
        if let Some(known) = known {
            return Ok(known.clone());
        }
        Ok(known.insert(closeness_in(view, run)?.into()).clone())
    }

    fn of(&mut self, view: &View) -> &mut Measures {
        let at = match self.views.iter().position(|it| it.0 == *view.spec()) {
            Some(at) => at,
            None => {
                self.views.push((view.spec().clone(), Measures::default()));
                self.views.len() - 1
            }
        };
        &mut self.views[at].1
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use weft_graph::{Certainty, fixture};

    use super::*;

    #[test]
    fn what_was_counted_on_a_view_is_not_counted_again() {
        let snapshot = fixture("a -supports-> b; b -supports[implied]-> c; c -supports-> d");
        let all = View::new(&snapshot, ViewSpec::all(&snapshot));
        let spec = ViewSpec { floor: Certainty::Stated, ..ViewSpec::all(&snapshot) };
        let stated = View::new(&snapshot, spec);
        let mut counted = Counted::default();
        let mut n_pieces = 0;
        let mut watch = |_| {
            n_pieces += 1;
            ControlFlow::Continue(())
        };
        let mut run = Run::watched(&mut watch);
        let first = counted.betweenness_without(&all, &[0], &mut run).unwrap().0;
        let again = counted.betweenness(&all, &mut run).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(again.nodes, [0.0, 2.0, 2.0, 0.0]);
        assert_eq!(counted.betweenness(&stated, &mut run).unwrap().nodes, [0.0; 4]);
        let near = counted.closeness(&all, &mut run).unwrap();
        assert!(Arc::ptr_eq(&near, &counted.closeness(&all, &mut run).unwrap()));
        let n_before = counted.views.len();
        counted.betweenness_without(&all, &[], &mut run).unwrap();
        assert_eq!((n_before, counted.views.len()), (2, 2));
        assert!(n_pieces > 0);
    }
}
