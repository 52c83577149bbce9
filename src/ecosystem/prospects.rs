//! Prospects: whom a start-up could meet and what that would bring, without asking everybody for each.
//!
//! What meeting a body brings depends on how far that body is from each need, as far as it matters: 0, 1, 2
//! or more. Bodies alike in this form a class, and classes are looked at in the order of the most that they
//! can bring, until none of the rest can be better than what was found. Whether somebody can introduce is
//! looked up around the start-up alone. Makes no cards and keeps no limits.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, HashMap};

use weft_value::Value;

use crate::ecosystem::access::{Searches, quarters};
use crate::ecosystem::question::{COMPANY, Ground, is_start_up};

/// The free property of a node that asks not to be introduced: `introduce = no`.
const INTRODUCE: &str = "introduce";
/// The class of who is never introduced.
const NOBODY: u32 = u32::MAX;
/// Four times the route: with a shared contact, at three links, farther or without a path.
const ROUTES: [u32; 3] = [4, 2, 1];

/// All bodies that may be introduced, and the surroundings of the start-up that was looked at last.
#[derive(Clone)]
pub(crate) struct Prospects<'a> {
    ground: &'a Ground<'a>,
    n_needs: usize,
    class_of: Vec<u32>,
    classes: Vec<Class>,
    /// The place of each body in the order of ids.
    places: Vec<u32>,
    /// Classes by what they can bring at most to a start-up of these weights, most first.
    orders: HashMap<Vec<u8>, Vec<(u32, u32)>>,
    near: Near,
}

/// Bodies that are equally far from every need, as far as it matters.
#[derive(Clone)]
struct Class {
    /// By need, 4 a(1 + d): what meeting one of them raises the nearness of the need to, in quarters.
    raises: Box<[u8]>,
    /// By degree, then by id.
    members: Vec<u32>,
}

/// Who is around a start-up.
#[derive(Clone)]
struct Near {
    start: Option<u32>,
    /// By body: 1 the start-up itself and who is linked to it, 2 at two links, 0 farther.
    steps: Vec<u8>,
    marked: Vec<u32>,
    seconds: Vec<u32>,
}

/// Who looks for introductions.
#[derive(Clone, Debug)]
pub(crate) struct Seeker {
    pub(crate) start: u32,
    /// By need: w.
    pub(crate) weights: Vec<u8>,
    /// By need: 4 a(d) today.
    pub(crate) now: Vec<u8>,
    /// By need: what those chosen already bring, as [`Prospects::brings`] counts it.
    pub(crate) has: Vec<u32>,
}

/// What an introduction is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Its gain, in quarters of weight.
    Gain,
    /// Gain times route, in sixteenths of weight.
    GainTimesRoute,
}

/// What is asked of the best prospects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many.
    pub(crate) n: usize,
    pub(crate) worth: Worth,
    /// Those that add less are left out.
    pub(crate) adds_min: u32,
    /// Whether only those with a shared contact are meant.
    pub(crate) only_ready: bool,
}

/// Somebody whom a start-up could meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prospect {
    pub(crate) index: u32,
    /// What it adds to what the seeker has.
    pub(crate) adds: u32,
    /// Four times the route.
    pub(crate) route: u32,
    pub(crate) resource_allocation: f64,
    pub(crate) degree: usize,
    /// Its place in the order of ids.
    pub(crate) place: u32,
}

impl<'a> Prospects<'a> {
    /// Sorts the bodies of a view into classes, without those that refuse: O(needs × n), and a sort.
    pub(crate) fn new(
        ground: &'a Ground<'a>,
        searches: &Searches,
        refused: &BTreeSet<u32>,
    ) -> Self {
        let (view, n_needs) = (&ground.view, searches.needs.len());
        let mut order: Vec<u32> = ground.indices().collect();
        order.sort_by(|&a, &b| ground.by_id(a, b));
        let mut places = vec![0; view.n()];
        (0..).zip(order).for_each(|(place, node)| places[node as usize] = place);
        let mut res = Self {
            ground,
            n_needs,
            class_of: vec![NOBODY; view.n()],
            classes: Vec::new(),
            places,
            orders: HashMap::new(),
            near: Near::new(view.n()),
        };
        let mut known: HashMap<Box<[u8]>, u32> = HashMap::new();
        let mut raises = vec![0; n_needs];
        for index in ground.indices().filter(|it| !refused.contains(it)) {
            if !may_be_met(ground, searches, index) {
                continue;
            }
            for (raises, need) in raises.iter_mut().zip(&searches.needs) {
                *raises = quarters(need.distance[index as usize].saturating_add(1)) as u8;
            }
            let class = match known.get(raises.as_slice()) {
                Some(&class) => class,
                None => {
                    let class = res.classes.len() as u32;
                    known.insert(raises.clone().into(), class);
                    let raises = raises.clone().into();
                    res.classes.push(Class { raises, members: Vec::new() });
                    class
                }
            };
            res.class_of[index as usize] = class;
            res.classes[class as usize].members.push(index);
        }
        for class in &mut res.classes {
            class.members.sort_by_key(|&it| (view.degree(it), res.places[it as usize]));
        }
        res
    }

    /// Whether a body can be introduced to anybody.
    pub(crate) fn may_be_met(&self, index: u32) -> bool {
        self.class_of[index as usize] != NOBODY
    }

    /// The place of a body in the order of ids.
    pub(crate) fn place(&self, index: u32) -> u32 {
        self.places[index as usize]
    }

    /// A body is not to be met any more.
    pub(crate) fn leave_out(&mut self, index: u32) {
        let class = &mut self.class_of[index as usize];
        if *class != NOBODY {
            self.classes[*class as usize].members.retain(|&it| it != index);
            *class = NOBODY;
        }
    }

    /// How many bodies would raise the ACCESS of a seeker.
    pub(crate) fn n_raising(&mut self, seeker: &Seeker) -> usize {
        self.look_around(seeker.start);
        let raises: Vec<bool> =
            self.classes.iter().map(|it| gain(&it.raises, seeker) > 0).collect();
        let all = self.classes.iter().zip(&raises).filter(|it| *it.1);
        let n_all: usize = all.map(|(it, _)| it.members.len()).sum();
        let neighbours = self.ground.view.neighbours(seeker.start).iter();
        let known = neighbours.chain([&seeker.start]).map(|&it| self.class_of[it as usize]);
        n_all - known.filter(|&it| it != NOBODY && raises[it as usize]).count()
    }

    /// What meeting a body brings by need: times the route if that counts.
    pub(crate) fn brings(&self, seeker: &Seeker, index: u32, route: u32, worth: Worth) -> Vec<u32> {
        let class = &self.classes[self.class_of[index as usize] as usize];
        let route = if worth == Worth::Gain { 1 } else { route };
        let by_need = class.raises.iter().zip(&seeker.now).zip(&seeker.weights);
        by_need
            .map(|((&raises, &now), &weight)| {
                u32::from(raises.saturating_sub(now)) * u32::from(weight) * route
            })
            .collect()
    }

    /// The best whom a seeker could meet, the best first: by what they add, then route, resource
    /// allocation, lower degree, id; only those that raise its ACCESS, and that may be met.
    ///
    /// Costs the second neighbours of the seeker, and the classes that could be better than those.
    pub(crate) fn best(
        &mut self,
        seeker: &Seeker,
        wanted: Wanted,
        may: impl Fn(u32) -> bool,
    ) -> Vec<Prospect> {
        self.look_around(seeker.start);
        if !self.orders.contains_key(&seeker.weights) {
            let order = self.order_for(&seeker.weights);
            self.orders.insert(seeker.weights.clone(), order);
        }
        let mut found = Found { best: Vec::new(), wanted };
        if wanted.n > 0 {
            self.ready(seeker, &mut found, &may);
            if !wanted.only_ready {
                self.farther(seeker, &mut found, &may);
            }
        }
        found.best
    }

    /// The most that any body brings to each need; at three links and farther what the best provider would
    /// bring there, which may be more than is there.
    pub(crate) fn most_brought(&mut self, seeker: &Seeker, searches: &Searches) -> Vec<u32> {
        self.look_around(seeker.start);
        let mut most = vec![0; self.n_needs];
        for &index in &self.near.seconds {
            if self.class_of[index as usize] != NOBODY {
                let brings = self.brings(seeker, index, ROUTES[0], Worth::GainTimesRoute);
                most.iter_mut().zip(brings).for_each(|(most, it)| *most = it.max(*most));
            }
        }
        for ((most, need), (&now, &weight)) in
            most.iter_mut().zip(&searches.needs).zip(seeker.now.iter().zip(&seeker.weights))
        {
            // Nobody at three links is as near as that to a need which is farther than three.
            let at_three = if now == 0 { 2 } else { 4 };
            let is_met = need.providers.iter().any(|&it| self.class_of[it as usize] != NOBODY);
            let (at_three, farther) = if is_met { (at_three, 4) } else { (2, 2) };
            let rise = |to: u8| u32::from(to.saturating_sub(now)) * u32::from(weight);
            *most = (*most).max(rise(at_three) * ROUTES[1]).max(rise(farther) * ROUTES[2]);
        }
        most
    }

    fn order_for(&self, weights: &[u8]) -> Vec<(u32, u32)> {
        // A need within three links, which is the rule, has one quarter already.
        let promise = |class: &Class| -> u32 {
            let by_need = class.raises.iter().zip(weights);
            by_need.map(|(&it, &weight)| u32::from(it.saturating_sub(1)) * u32::from(weight)).sum()
        };
        let mut res: Vec<(u32, u32)> = self.classes.iter().map(promise).zip(0..).collect();
        res.sort_unstable_by_key(|&(promise, class)| (Reverse(promise), class));
        res
    }

    /// Those at two links.
    fn ready(&self, seeker: &Seeker, found: &mut Found, may: &impl Fn(u32) -> bool) {
        let route = ROUTES[0];
        for &index in &self.near.seconds {
            let class = self.class_of[index as usize];
            if class == NOBODY || !may(index) {
                continue;
            }
            let raises = &self.classes[class as usize].raises;
            let adds = adds(raises, seeker, found.wanted.worth, route);
            if found.is_enough(adds, route) && (adds > 0 || gain(raises, seeker) > 0) {
                let resource_allocation = self.resource_allocation(index);
                found.offer(self.prospect(index, adds, route, resource_allocation));
            }
        }
    }

    /// Those at three links, and farther or without a path.
    fn farther(&self, seeker: &Seeker, found: &mut Found, may: &impl Fn(u32) -> bool) {
        let view = &self.ground.view;
        let worth = found.wanted.worth;
        // Whoever has nobody at two links has nobody at three.
        let route = if self.near.seconds.is_empty() { ROUTES[2] } else { ROUTES[1] };
        // What a class may bring beside its promise: the first quarter of needs that are out of reach.
        let times = if worth == Worth::Gain { 1 } else { route };
        let by_need = seeker.now.iter().zip(&seeker.weights).zip(&seeker.has);
        let first_quarters: u32 = by_need
            .filter(|((now, _), _)| **now == 0)
            .map(|((_, &weight), &has)| (u32::from(weight) * times).saturating_sub(has))
            .sum();
        for &(promise, class) in &self.orders[&seeker.weights] {
            if !found.is_enough(promise * times + first_quarters, route) {
                break;
            }
            let Class { raises, members } = &self.classes[class as usize];
            let [nearer, beyond] = [route, ROUTES[2]].map(|it| adds(raises, seeker, worth, it));
            if !found.is_enough(nearer, route) || gain(raises, seeker) == 0 {
                continue;
            }
            for &index in members {
                // Of one class the first come first.
                let at_best = self.prospect(index, nearer, route, 0.0);
                if !found.takes(&at_best) {
                    break;
                }
                if self.near.steps[index as usize] != 0 || !may(index) {
                    continue;
                }
                let is_second = |it: &u32| self.near.steps[*it as usize] == 2;
                found.offer(match view.neighbours(index).iter().any(is_second) {
                    true => at_best,
                    false => self.prospect(index, beyond, ROUTES[2], 0.0),
                });
            }
        }
    }

    fn prospect(&self, index: u32, adds: u32, route: u32, resource_allocation: f64) -> Prospect {
        let (degree, place) = (self.ground.view.degree(index), self.place(index));
        Prospect { index, adds, route, resource_allocation, degree, place }
    }

    /// The sum over the contacts shared with a body at two links of 1 / degree, in the order of degrees.
    fn resource_allocation(&self, index: u32) -> f64 {
        let view = &self.ground.view;
        let shared = view.neighbours(index).iter().filter(|&&it| self.near.steps[it as usize] == 1);
        let mut degrees: Vec<usize> = shared.map(|&it| view.degree(it)).collect();
        degrees.sort_unstable();
        degrees.into_iter().map(|it| 1.0 / it as f64).fold(0.0, |sum, it| sum + it)
    }

    fn look_around(&mut self, start: u32) {
        if self.near.start != Some(start) {
            self.near.look_around(self.ground, start);
        }
    }
}

impl Near {
    fn new(n: usize) -> Self {
        Self { start: None, steps: vec![0; n], marked: Vec::new(), seconds: Vec::new() }
    }

    fn look_around(&mut self, ground: &Ground<'_>, start: u32) {
        for node in self.marked.drain(..) {
            self.steps[node as usize] = 0;
        }
        self.seconds.clear();
        self.start = Some(start);
        self.marked.push(start);
        self.marked.extend(ground.view.neighbours(start));
        for &node in &self.marked {
            self.steps[node as usize] = 1;
        }
        for &contact in ground.view.neighbours(start) {
            for &second in ground.view.neighbours(contact) {
                let steps = &mut self.steps[second as usize];
                if *steps == 0 {
                    *steps = 2;
                    self.seconds.push(second);
                }
            }
        }
        self.marked.extend(&self.seconds);
    }
}

impl Seeker {
    /// A start-up that has met nobody yet.
    pub(crate) fn new(searches: &Searches, start: u32, weights: Vec<u8>) -> Self {
        let now = |distance: &[u32]| quarters(distance[start as usize]) as u8;
        let now = searches.needs.iter().map(|it| now(&it.distance)).collect();
        Self { start, has: vec![0; weights.len()], weights, now }
    }

    /// It meets somebody who brings that; of two who raise a need the higher counts.
    pub(crate) fn take(&mut self, brings: &[u32]) {
        self.has.iter_mut().zip(brings).for_each(|(has, &it)| *has = it.max(*has));
    }
}

/// The best so far.
struct Found {
    best: Vec<Prospect>,
    wanted: Wanted,
}

impl Found {
    /// Whether what adds so much at that route could be among the best.
    fn is_enough(&self, adds: u32, route: u32) -> bool {
        let last = self.best.last().filter(|_| self.best.len() == self.wanted.n);
        adds >= self.wanted.adds_min && last.is_none_or(|it| (adds, route) >= (it.adds, it.route))
    }

    fn takes(&self, prospect: &Prospect) -> bool {
        let last = self.best.last().filter(|_| self.best.len() == self.wanted.n);
        prospect.adds >= self.wanted.adds_min && last.is_none_or(|it| prospect.is_before(it))
    }

    fn offer(&mut self, prospect: Prospect) {
        if self.takes(&prospect) {
            let at = self.best.partition_point(|it| it.is_before(&prospect));
            self.best.insert(at, prospect);
            self.best.truncate(self.wanted.n);
        }
    }
}

impl Prospect {
    fn is_before(&self, other: &Self) -> bool {
        let worth = |it: &Self| (Reverse(it.adds), Reverse(it.route));
        let order = worth(self)
            .cmp(&worth(other))
            .then(other.resource_allocation.total_cmp(&self.resource_allocation))
            .then((self.degree, self.place).cmp(&(other.degree, other.place)));
        order == Ordering::Less
    }
}

/// What a class adds to what a seeker has.
fn adds(raises: &[u8], seeker: &Seeker, worth: Worth, route: u32) -> u32 {
    let route = if worth == Worth::Gain { 1 } else { route };
    let by_need = raises.iter().zip(&seeker.now).zip(&seeker.weights).zip(&seeker.has);
    by_need
        .map(|(((&raises, &now), &weight), &has)| {
            let brings = u32::from(raises.saturating_sub(now)) * u32::from(weight) * route;
            brings.saturating_sub(has)
        })
        .sum()
}

/// What a class brings to who has nothing, in quarters of weight.
fn gain(raises: &[u8], seeker: &Seeker) -> u32 {
    let by_need = raises.iter().zip(&seeker.now).zip(&seeker.weights);
    by_need
        .map(|((&raises, &now), &weight)| u32::from(raises.saturating_sub(now)) * u32::from(weight))
        .sum()
}

/// Whether a body can be introduced at all: no start-up, another company only if it meets a need, and
/// nobody that asks not to be.
fn may_be_met(ground: &Ground<'_>, searches: &Searches, index: u32) -> bool {
    let node = ground.node(index);
    let meets_a_need = || searches.needs.iter().any(|it| it.is_provider(index));
    !is_start_up(node)
        && (node.kind().id != COMPANY || meets_a_need())
        && !asks_not_to_be_introduced(ground, index)
}

/// Whether a body asks not to be introduced.
pub(crate) fn asks_not_to_be_introduced(ground: &Ground<'_>, index: u32) -> bool {
    match ground.node(index).property(INTRODUCE) {
        Some(Value::String(word)) => word.trim().eq_ignore_ascii_case("no"),
        Some(Value::Boolean(allowed)) => !allowed,
        _ => false,
    }
}
