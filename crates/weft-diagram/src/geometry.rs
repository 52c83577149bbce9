//! Points and rectangles on the page, in pixels, with y growing downwards.

/// A place on the page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the upper edge.
    pub y: f64,
}

impl Point {
    /// Creates a point.
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    pub(crate) fn distance(self, other: Point) -> f64 {
        squared(self.x - other.x, self.y - other.y).sqrt()
    }

    pub(crate) fn moved(self, dx: f64, dy: f64) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }

    /// The point at the share `t` of the way to `other`.
    pub(crate) fn towards(self, other: Point, t: f64) -> Point {
        Point::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }
}

/// Not `hypot`: it is slower, and its last bit differs between platforms, as that of `sqrt` does not.
fn squared(dx: f64, dy: f64) -> f64 {
    dx * dx + dy * dy
}

/// An upright rectangle on the page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rectangle {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Rectangle {
    /// Creates a rectangle from its upper left corner.
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Rectangle {
        Rectangle { x, y, width, height }
    }

    /// Returns the right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Returns the lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Returns whether the insides of both have a point in common; touching edges do not count.
    pub fn overlaps(&self, other: &Rectangle) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Returns whether `other` lies wholly inside.
    pub fn contains(&self, other: &Rectangle) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    pub(crate) fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub(crate) fn contains_point(&self, point: Point) -> bool {
        self.x <= point.x
            && point.x <= self.right()
            && self.y <= point.y
            && point.y <= self.bottom()
    }

    pub(crate) fn grown(&self, by: f64) -> Rectangle {
        Rectangle::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }

    pub(crate) fn moved(&self, dx: f64, dy: f64) -> Rectangle {
        Rectangle::new(self.x + dx, self.y + dy, self.width, self.height)
    }

    pub(crate) fn union(&self, other: &Rectangle) -> Rectangle {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Rectangle::new(x, y, right - x, bottom - y)
    }

    /// Whether the straight stretch from `from` to `to` runs through the inside (Liang and Barsky).
    pub(crate) fn meets(&self, from: Point, to: Point) -> bool {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, from.x - self.x),
            (dx, self.right() - from.x),
            (-dy, from.y - self.y),
            (dy, self.bottom() - from.y),
        ] {
            if step == 0.0 {
                if room <= 0.0 {
                    return false;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        enter < leave
    }

    /// The distance from the nearest point of the rectangle, 0 inside it.
    pub(crate) fn distance(&self, point: Point) -> f64 {
        let dx = (self.x - point.x).max(point.x - self.right()).max(0.0);
        let dy = (self.y - point.y).max(point.y - self.bottom()).max(0.0);
        squared(dx, dy).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_meets_what_it_runs_through() {
        let rectangle = Rectangle::new(0.0, 0.0, 10.0, 10.0);
        let meets = |ax, ay, bx, by| rectangle.meets(Point::new(ax, ay), Point::new(bx, by));
        assert!(meets(-5.0, 5.0, 15.0, 5.0));
        assert!(meets(5.0, 5.0, 6.0, 6.0));
        assert!(!meets(-5.0, 5.0, -1.0, 5.0));
        assert!(!meets(-5.0, 6.0, 6.0, 17.0));
        assert!(!meets(-5.0, 10.0, 15.0, 10.0));
    }

    #[test]
    fn touching_rectangles_do_not_overlap() {
        let one = Rectangle::new(0.0, 0.0, 10.0, 10.0);
        assert!(!one.overlaps(&Rectangle::new(10.0, 0.0, 5.0, 5.0)));
        assert!(one.overlaps(&Rectangle::new(9.9, 9.9, 5.0, 5.0)));
    }
}
