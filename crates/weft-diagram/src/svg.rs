//! Writes a drawing and its layout as SVG.
//!
//! Nothing is placed here. Every text that comes from outside goes through [`escape`].

mod colours;
mod escape;

use std::fmt::Write;

use crate::fonts::{FONT_FAMILY, WEB_FONTS};
use crate::layout::{
    Area, BoxRole, DrawnLine, DrawnMark, Layout, LegendEntry, LegendSign, TextBlock, Weight,
};
use crate::text::clean;
use crate::{Dash, Drawing, Line, Mark, Point, Symbol};

use colours::{FAINT, INK, PAPER, SOFT, outline, tint};
pub(crate) use colours::{colour, text_on};
use escape::{base64, escape};

/// The opacity of ties within a community, and between two.
const OPACITY: (f64, f64) = (0.6, 0.38);
/// The same for a tie that stands out.
const OPACITY_EMPHASIS: f64 = 0.95;
/// And of those that stand back.
const OPACITY_QUIET: f64 = 0.4;

/// How to write a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SvgOptions {
    /// Whether the file carries its fonts, about 85 kB in all, so that it looks the same in every browser.
    ///
    /// Whoever turns the SVG into pixels with fonts of its own does not need them.
    pub embed_fonts: bool,
}

/// Returns the picture as SVG text.
///
/// The layout must be that of the drawing. Marks stand in `g.mark` with `data-id`, ties in `g.tie`
/// with `data-from`, `data-to` and `data-relation`, for scripts of a page that shows the picture.
pub fn svg(drawing: &Drawing, layout: &Layout, options: &SvgOptions) -> String {
    let mut page = Page { text: String::new() };
    page.open(drawing, layout, options);
    page.areas(drawing, layout);
    page.ties(drawing, layout);
    page.unjoined_border(layout);
    page.marks(drawing, layout);
    page.area_names(layout);
    page.legend(layout);
    for (role, block) in &layout.texts {
        page.frame_text(*role, block);
    }
    page.line("</svg>");
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing into a `String` cannot fail.
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
    }

    fn open(&mut self, drawing: &Drawing, layout: &Layout, options: &SvgOptions) {
        let (width, height) = (layout.width, layout.height);
        let title = escape(&drawing.title);
        let key = key(drawing);
        self.write(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"weft-title-{key} weft-description-{key}\" class=\"weft-diagram\" \
             font-family=\"{FONT_FAMILY}, 'Helvetica Neue', Arial, sans-serif\" fill=\"{INK}\" \
             direction=\"ltr\">"
        ));
        self.write(format_args!("<title id=\"weft-title-{key}\">{title}</title>"));
        let description = escape(&description(drawing));
        self.write(format_args!("<desc id=\"weft-description-{key}\">{description}</desc>"));
        if options.embed_fonts {
            self.line("<style>");
            for (weight, file) in WEB_FONTS {
                self.write(format_args!(
                    "@font-face{{font-family:{FONT_FAMILY};font-weight:{weight};\
                     src:url(data:font/woff2;base64,{})format(\"woff2\")}}",
                    base64(file)
                ));
            }
            self.line("</style>");
        }
        self.write(format_args!(
            "<rect class=\"paper\" width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>"
        ));
    }

    fn areas(&mut self, drawing: &Drawing, layout: &Layout) {
        self.line("<g class=\"areas\">");
        for area in &layout.areas {
            let (fill, stroke) = (tint(area.tint).0, tint(area.tint).1);
            let name = drawing.group_names.get(area.group).map(|it| clean(it)).unwrap_or_default();
            let (inside, all) = area.n_members;
            let title = escape(&format!("{name}: {inside} of {all} members stand together"));
            self.write(format_args!(
                "<path class=\"area\" data-group=\"{}\" d=\"{}\" fill=\"{fill}\" fill-rule=\"evenodd\" \
                 stroke=\"{stroke}\" stroke-width=\"1\" stroke-opacity=\"0.55\"><title>{title}</title></path>",
                area.group,
                border_path(area)
            ));
        }
        self.line("</g>");
    }

    /// Ties between communities lie under those within, and both under those that stand out.
    fn ties(&mut self, drawing: &Drawing, layout: &Layout) {
        self.line("<g class=\"ties\" fill=\"none\">");
        let rank = |it: &DrawnLine| {
            let line = &drawing.lines[it.line];
            (line.emphasis, !line.is_quiet, it.within_group)
        };
        let mut ordered: Vec<&DrawnLine> = layout.lines.iter().collect();
        ordered.sort_by_key(|it| rank(it));
        for drawn in ordered {
            self.tie(drawing, drawn);
        }
        self.line("</g>");
    }

    fn tie(&mut self, drawing: &Drawing, drawn: &DrawnLine) {
        let line = &drawing.lines[drawn.line];
        let (from, to) = (&drawing.marks[line.from], &drawing.marks[line.to]);
        let opacity = match (line.emphasis, drawn.within_group) {
            _ if line.is_quiet => OPACITY_QUIET,
            (true, _) => OPACITY_EMPHASIS,
            (false, true) => OPACITY.0,
            (false, false) => OPACITY.1,
        };
        let said = if line.tooltip.is_empty() {
            format!("{} {} {}", from.label, line.relation, to.label)
        } else {
            line.tooltip.clone()
        };
        self.write(format_args!(
            "<g class=\"tie\" data-from=\"{}\" data-to=\"{}\" data-relation=\"{}\" opacity=\"{opacity}\">\
             <title>{}</title>",
            escape(&from.id),
            escape(&to.id),
            escape(&line.relation),
            escape(&said)
        ));
        self.stroke(drawn, line);
        self.line("</g>");
    }

    fn stroke(&mut self, drawn: &DrawnLine, line: &Line) {
        let curve = drawn.curve;
        let stroke = colour(&line.colour);
        // Bridges between communities are pale but broad, so that they show without covering names.
        let width = match (line.emphasis, drawn.within_group) {
            _ if line.is_quiet => 0.9,
            (true, _) => 2.8,
            (false, true) => 1.25,
            (false, false) => 1.7,
        };
        self.write(format_args!(
            "<path d=\"M{}C{} {} {}\" stroke=\"{stroke}\" stroke-width=\"{width}\"{}/>",
            pair(curve.from),
            pair(curve.control_from),
            pair(curve.control_to),
            pair(curve.to),
            dasharray(line.dash)
        ));
        if let Some([tip, left, right]) = drawn.arrowhead {
            self.write(format_args!(
                "<path d=\"M{}L{}L{}Z\" fill=\"{stroke}\"/>",
                pair(tip),
                pair(left),
                pair(right)
            ));
        }
    }

    fn unjoined_border(&mut self, layout: &Layout) {
        if let Some(it) = layout.unjoined {
            self.write(format_args!(
                "<rect class=\"unjoined\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"8\" \
                 fill=\"none\" stroke=\"{FAINT}\" stroke-dasharray=\"3 3\"/>",
                it.x, it.y, it.width, it.height
            ));
        }
    }

    fn marks(&mut self, drawing: &Drawing, layout: &Layout) {
        self.line("<g class=\"marks\">");
        for (mark, drawn) in drawing.marks.iter().zip(&layout.marks) {
            self.mark(mark, drawn);
        }
        self.line("</g>");
    }

    fn mark(&mut self, mark: &Mark, drawn: &DrawnMark) {
        let name = if mark.kind.is_empty() {
            mark.label.clone()
        } else {
            format!("{}, {}", mark.label, mark.kind)
        };
        let said = if mark.tooltip.is_empty() { &name } else { &mark.tooltip };
        let group = mark.group.map(|it| format!(" data-group=\"{it}\"")).unwrap_or_default();
        self.write(format_args!(
            "<g class=\"mark\" data-id=\"{}\" data-kind=\"{}\"{group} role=\"graphics-symbol\" \
             aria-label=\"{}\"><title>{}</title>",
            escape(&mark.id),
            escape(&mark.kind),
            escape(&name),
            escape(said)
        ));
        if mark.emphasis {
            self.write(format_args!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.6\"/>",
                drawn.centre.x, drawn.centre.y, drawn.radius * 1.3 - 0.8
            ));
        }
        let path = mark.symbol.path(drawn.centre, drawn.radius);
        self.symbol(&path, mark.symbol, &mark.colour);
        self.block(&drawn.label, INK, true);
        self.line("</g>");
    }

    fn symbol(&mut self, path: &str, symbol: Symbol, fill: &str) {
        let rule = if symbol == Symbol::Ring { " fill-rule=\"evenodd\"" } else { "" };
        let fill = colour(fill);
        // A darker rim keeps pale colours visible on paper and in grey print.
        self.write(format_args!(
            "<path d=\"{path}\" fill=\"{fill}\"{rule} stroke=\"{}\" stroke-width=\"0.9\" stroke-linejoin=\"round\"/>",
            outline(&fill)
        ));
    }

    fn area_names(&mut self, layout: &Layout) {
        self.line("<g class=\"area-names\">");
        for area in &layout.areas {
            self.block(&area.name, tint(area.tint).2, true);
        }
        self.line("</g>");
    }

    fn legend(&mut self, layout: &Layout) {
        self.line("<g class=\"legend\">");
        for entry in &layout.legend {
            self.legend_entry(entry);
        }
        self.line("</g>");
    }

    fn legend_entry(&mut self, entry: &LegendEntry) {
        let at = entry.sign_at;
        match &entry.sign {
            LegendSign::Mark { symbol, colour } => {
                self.symbol(&symbol.path(at, 7.0), *symbol, colour);
            }
            LegendSign::Line { dash, colour, directed } => self.line_sign(at, *dash, colour, *directed),
            LegendSign::Size => {
                for (dx, radius) in [(-10.0, 3.0), (-1.0, 5.0), (11.5, 7.5)] {
                    self.write(format_args!(
                        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"none\" stroke=\"{SOFT}\"/>",
                        at.x + dx,
                        at.y
                    ));
                }
            }
            LegendSign::Area => self.write(format_args!(
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"30\" height=\"14\" rx=\"6\" fill=\"{}\" stroke=\"{}\" \
                 stroke-opacity=\"0.55\"/>",
                at.x - 15.0,
                at.y - 7.0,
                tint(0).0,
                tint(0).1
            )),
        }
        self.block(&entry.text, INK, false);
        if let Some(count) = entry.count {
            self.write(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{}\" fill=\"{SOFT}\">{count}</text>",
                entry.count_at.x, entry.count_at.y, entry.text.size
            ));
        }
    }

    fn line_sign(&mut self, at: Point, dash: Dash, name: &str, directed: bool) {
        let stroke = colour(name);
        self.write(format_args!(
            "<path d=\"M{:.1} {y:.1}H{:.1}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.6\"{}/>",
            at.x - 16.0,
            at.x + if directed { 11.0 } else { 18.0 },
            dasharray(dash),
            y = at.y
        ));
        if directed {
            self.write(format_args!(
                "<path d=\"M{:.1} {:.1}l-8 -3.4v6.8Z\" fill=\"{stroke}\"/>",
                at.x + 18.0,
                at.y
            ));
        }
    }

    fn frame_text(&mut self, role: BoxRole, block: &TextBlock) {
        let fill = match role {
            BoxRole::Subtitle | BoxRole::Caption => SOFT,
            _ => INK,
        };
        self.block(block, fill, false);
    }

    /// One `text` to a line: each is then a paragraph of its own for writing from right to left.
    fn block(&mut self, block: &TextBlock, fill: &str, halo: bool) {
        let weight = if block.weight == Weight::SemiBold { " font-weight=\"600\"" } else { "" };
        let anchor = if block.centred { " text-anchor=\"middle\"" } else { "" };
        let fill = if fill == INK { String::new() } else { format!(" fill=\"{fill}\"") };
        let halo = if halo {
            format!(
                " stroke=\"{PAPER}\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
            )
        } else {
            String::new()
        };
        for (point, line) in block.base_points() {
            self.write(format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{}\"{weight}{anchor}{fill}{halo} \
                 unicode-bidi=\"isolate\">{}</text>",
                point.x,
                point.y,
                block.size,
                escape(line)
            ));
        }
    }
}

/// What is said to those who do not see the picture, even where the caller had nothing to say.
fn description(drawing: &Drawing) -> String {
    if !drawing.description.is_empty() {
        return drawing.description.clone();
    }
    format!(
        "A network of {} marks and {} ties. {}",
        drawing.marks.len(),
        drawing.lines.len(),
        drawing.subtitle
    )
}

/// Tells the ids of two pictures on one page apart; the same picture always has the same.
fn key(drawing: &Drawing) -> String {
    // FNV-1a.
    let mut hash: u32 = 0x811C_9DC5;
    let ids = drawing.marks.iter().map(|mark| mark.id.as_str());
    for byte in ids.chain([drawing.title.as_str()]).flat_map(str::bytes) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{hash:08x}")
}

fn pair(point: Point) -> String {
    format!("{:.1} {:.1}", point.x, point.y)
}

fn dasharray(dash: Dash) -> String {
    dash.stroke_dasharray().map(|it| format!(" stroke-dasharray=\"{it}\"")).unwrap_or_default()
}

/// A border as a smooth path: through the middles of its stretches, bent by its points.
fn border_path(area: &Area) -> String {
    let mut path = String::new();
    for border in &area.borders {
        let Some(last) = border.last() else { continue };
        let mut previous = *last;
        for (idx, point) in border.iter().enumerate() {
            let middle = previous.towards(*point, 0.5);
            if idx == 0 {
                path.push_str(&format!("M{}", pair(middle)));
            } else {
                path.push_str(&format!("Q{} {}", pair(previous), pair(middle)));
            }
            previous = *point;
        }
        if let Some(first) = border.first() {
            path.push_str(&format!("Q{} {}Z", pair(previous), pair(previous.towards(*first, 0.5))));
        }
    }
    path
}
