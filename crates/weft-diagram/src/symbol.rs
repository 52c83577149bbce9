//! The shapes of marks, so that kinds differ without colour.

use std::convert::Infallible;
use std::f64::consts::TAU;
use std::fmt::Write;
use std::str::FromStr;

use crate::Point;

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs, reason = "each name is the shape itself, as a schema spells it")]
pub enum Symbol {
    #[default]
    Circle,
    Ring,
    Square,
    Hexagon,
    Octagon,
    Plus,
    Star,
    Triangle,
    House,
    Pentagon,
    Trapezium,
    Arrow,
    Diamond,
    Lozenge,
    TriangleDown,
    Parallelogram,
    Cylinder,
    Semicircle,
    Burst,
    Shield,
    Chip,
    Dot,
    Page,
    Pin,
    Cross,
    Dots,
}

use Symbol::*;

/// The names of the shapes as schemas spell them.
const NAMES: [(Symbol, &str); 26] = [
    (Circle, "circle"),
    (Ring, "ring"),
    (Square, "square"),
    (Hexagon, "hexagon"),
    (Octagon, "octagon"),
    (Plus, "plus"),
    (Star, "star"),
    (Triangle, "triangle"),
    (House, "house"),
    (Pentagon, "pentagon"),
    (Trapezium, "trapezium"),
    (Arrow, "arrow"),
    (Diamond, "diamond"),
    (Lozenge, "lozenge"),
    (TriangleDown, "triangle_down"),
    (Parallelogram, "parallelogram"),
    (Cylinder, "cylinder"),
    (Semicircle, "semicircle"),
    (Burst, "burst"),
    (Shield, "shield"),
    (Chip, "chip"),
    (Dot, "dot"),
    (Page, "page"),
    (Pin, "pin"),
    (Cross, "cross"),
    (Dots, "dots"),
];

impl Symbol {
    /// Returns every shape.
    pub fn all() -> impl Iterator<Item = Symbol> {
        NAMES.into_iter().map(|(symbol, _)| symbol)
    }

    /// Returns the name by which a schema calls this shape.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(symbol, _)| *symbol == self).map_or("circle", |(_, name)| name)
    }

    /// Returns the shape of that name, a circle where the name is unknown.
    ///
    /// ```
    /// use weft_diagram::Symbol;
    /// assert_eq!(Symbol::from_name("triangle_down"), Symbol::TriangleDown);
    /// assert_eq!(Symbol::from_name("unicorn"), Symbol::Circle);
    /// ```
    pub fn from_name(name: &str) -> Symbol {
        NAMES.iter().find(|(_, known)| *known == name).map_or(Circle, |(symbol, _)| *symbol)
    }

    /// The outline as SVG path data, with about the area of a circle of this radius.
    ///
    /// Shapes of one radius must look equally heavy, or size would say something about kind.
    pub(crate) fn path(self, centre: Point, radius: f64) -> String {
        let r = radius;
        let polygon = |corners: &[(f64, f64)]| polygon(centre, r, corners);
        match self {
            Circle => circle(centre, r),
            Dot => circle(centre, r * 0.62),
            Ring => circle(centre, r) + &circle(centre, r * 0.5),
            Square => polygon(&[(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)]),
            Hexagon => regular(centre, r * 1.08, 6, 0.0),
            Octagon => regular(centre, r * 1.04, 8, 0.0625),
            Pentagon => regular(centre, r * 1.1, 5, -0.25),
            Triangle => polygon(&[(0.0, -1.15), (1.16, 0.85), (-1.16, 0.85)]),
            TriangleDown => polygon(&[(0.0, 1.15), (1.16, -0.85), (-1.16, -0.85)]),
            Star => spikes(centre, r * 1.3, 5, 0.47),
            Burst => spikes(centre, r * 1.22, 10, 0.68),
            Diamond => polygon(&[(0.0, -1.22), (1.22, 0.0), (0.0, 1.22), (-1.22, 0.0)]),
            Lozenge => polygon(&[(0.0, -1.3), (0.88, 0.0), (0.0, 1.3), (-0.88, 0.0)]),
            House => polygon(&[
                (0.0, -1.15),
                (1.05, -0.25),
                (0.78, -0.25),
                (0.78, 0.95),
                (-0.78, 0.95),
                (-0.78, -0.25),
                (-1.05, -0.25),
            ]),
            Trapezium => polygon(&[(-0.62, -0.78), (0.62, -0.78), (1.22, 0.78), (-1.22, 0.78)]),
            Parallelogram => polygon(&[(-0.6, -0.78), (1.3, -0.78), (0.6, 0.78), (-1.3, 0.78)]),
            Arrow => polygon(&[
                (-1.15, -0.55),
                (0.05, -0.55),
                (0.05, -1.15),
                (1.25, 0.0),
                (0.05, 1.15),
                (0.05, 0.55),
                (-1.15, 0.55),
            ]),
            Plus => polygon(&[
                (-0.42, -1.1),
                (0.42, -1.1),
                (0.42, -0.42),
                (1.1, -0.42),
                (1.1, 0.42),
                (0.42, 0.42),
                (0.42, 1.1),
                (-0.42, 1.1),
                (-0.42, 0.42),
                (-1.1, 0.42),
                (-1.1, -0.42),
                (-0.42, -0.42),
            ]),
            Cross => polygon(&[
                (-1.05, -0.7),
                (-0.7, -1.05),
                (0.0, -0.35),
                (0.7, -1.05),
                (1.05, -0.7),
                (0.35, 0.0),
                (1.05, 0.7),
                (0.7, 1.05),
                (0.0, 0.35),
                (-0.7, 1.05),
                (-1.05, 0.7),
                (-0.35, 0.0),
            ]),
            Chip => polygon(&[(-1.15, -0.7), (1.15, -0.7), (1.15, 0.7), (-1.15, 0.7)]),
            Page => {
                polygon(&[(-0.78, -1.05), (0.3, -1.05), (0.78, -0.55), (0.78, 1.05), (-0.78, 1.05)])
            }
            Cylinder => cylinder(centre, r),
            Semicircle => semicircle(centre, r),
            Shield => shield(centre, r),
            Pin => pin(centre, r),
            Dots => {
                circle(centre.moved(-0.58 * r, 0.45 * r), 0.48 * r)
                    + &circle(centre.moved(0.58 * r, 0.45 * r), 0.48 * r)
                    + &circle(centre.moved(0.0, -0.55 * r), 0.48 * r)
            }
        }
    }
}

impl FromStr for Symbol {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Symbol, Infallible> {
        Ok(Symbol::from_name(name))
    }
}

/// How far the outline of a shape may reach from its centre, in radii.
pub(crate) const REACH: f64 = 1.3;

fn polygon(centre: Point, radius: f64, corners: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (idx, (x, y)) in corners.iter().enumerate() {
        let verb = if idx == 0 { 'M' } else { 'L' };
        let point = centre.moved(x * radius, y * radius);
        write_pair(&mut path, verb, point);
    }
    path + "Z"
}

fn write_pair(path: &mut String, verb: char, point: Point) {
    // Writing into a `String` cannot fail.
    let _ = write!(path, "{verb}{:.1} {:.1}", point.x, point.y);
}

fn regular(centre: Point, radius: f64, n_corners: usize, turn: f64) -> String {
    let corners: Vec<(f64, f64)> = (0..n_corners)
        .map(|idx| (TAU * (idx as f64 / n_corners as f64 + turn)).sin_cos())
        .map(|(sin, cos)| (cos, sin))
        .collect();
    polygon(centre, radius, &corners)
}

fn spikes(centre: Point, radius: f64, n_spikes: usize, inner: f64) -> String {
    let corners: Vec<(f64, f64)> = (0..2 * n_spikes)
        .map(|idx| {
            let (sin, cos) = (TAU * (idx as f64 / (2 * n_spikes) as f64 - 0.25)).sin_cos();
            let reach = if idx % 2 == 0 { 1.0 } else { inner };
            (cos * reach, sin * reach)
        })
        .collect();
    polygon(centre, radius, &corners)
}

fn circle(centre: Point, radius: f64) -> String {
    // Rounded before it is doubled: arcs shorter than their diameter would make an ellipse.
    let r = (radius * 10.0).round() / 10.0;
    let Point { x, y } = centre;
    let (left, across) = (x - r, 2.0 * r);
    format!(
        "M{left:.1} {y:.1}a{r:.1} {r:.1} 0 1 0 {across:.1} 0a{r:.1} {r:.1} 0 1 0 -{across:.1} 0Z"
    )
}

fn semicircle(centre: Point, radius: f64) -> String {
    let r = (radius * 12.5).round() / 10.0;
    let Point { x, y } = centre.moved(0.0, radius * 0.55);
    format!("M{:.1} {y:.1}a{r:.1} {r:.1} 0 0 1 {:.1} 0Z", x - r, 2.0 * r)
}

fn cylinder(centre: Point, radius: f64) -> String {
    let (rx, ry) = (radius * 0.85, radius * 0.32);
    let top = centre.moved(-rx, -radius * 0.72);
    let (height, width) = (radius * 1.44, 2.0 * rx);
    format!(
        "M{:.1} {:.1}a{rx:.1} {ry:.1} 0 0 1 {width:.1} 0v{height:.1}a{rx:.1} {ry:.1} 0 0 1 {:.1} 0Z",
        top.x, top.y, -width
    )
}

fn shield(centre: Point, r: f64) -> String {
    let at = |x: f64, y: f64| format!("{:.1} {:.1}", centre.x + x * r, centre.y + y * r);
    format!(
        "M{}L{}L{}C{} {} {}C{} {} {}Z",
        at(-0.92, -1.0),
        at(0.92, -1.0),
        at(0.92, 0.0),
        at(0.92, 0.6),
        at(0.4, 1.0),
        at(0.0, 1.2),
        at(-0.4, 1.0),
        at(-0.92, 0.6),
        at(-0.92, 0.0)
    )
}

fn pin(centre: Point, r: f64) -> String {
    let at = |x: f64, y: f64| format!("{:.1} {:.1}", centre.x + x * r, centre.y + y * r);
    format!(
        "M{}C{} {} {}C{} {} {}C{} {} {}C{} {} {}Z",
        at(0.0, 1.3),
        at(-0.3, 0.7),
        at(-0.85, 0.3),
        at(-0.85, -0.35),
        at(-0.85, -0.85),
        at(-0.47, -1.2),
        at(0.0, -1.2),
        at(0.47, -1.2),
        at(0.85, -0.85),
        at(0.85, -0.35),
        at(0.85, 0.3),
        at(0.3, 0.7),
        at(0.0, 1.3)
    )
}
