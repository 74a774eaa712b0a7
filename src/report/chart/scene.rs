//! A chart as a list of rectangles and labels, and the frame all charts share.
//!
//! Lines are thin rectangles: on whole pixels they stay sharp in both formats.

use super::text::{Font, Typefaces};

/// Width of a chart in pixels.
pub(super) const WIDTH: i32 = 1600;
/// Height of a chart in pixels.
pub(super) const HEIGHT: i32 = 900;
/// Free space around the drawing.
pub(super) const MARGIN: i32 = 56;
/// Where the space below title and subtitle begins.
pub(super) const BODY_TOP: i32 = 148;
/// Where the drawing ends; a footnote fits below it.
pub(super) const BODY_BOTTOM: i32 = HEIGHT - 62;

const TITLE: Font = Font::bold(36);
const SUBTITLE: Font = Font::regular(21);
const NOTE: Font = Font::regular(26);
const FOOTNOTE: Font = Font::regular(15);

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

/// Text and the zero line.
pub(super) const INK: Colour = Colour(0x22, 0x26, 0x2B);
/// Text of lesser weight.
pub(super) const SOFT: Colour = Colour(0x5A, 0x62, 0x6B);
/// Grid lines.
pub(super) const GRID: Colour = Colour(0xE2, 0xE5, 0xE8);
/// The background.
pub(super) const PAPER: Colour = Colour(0xFF, 0xFF, 0xFF);
/// Bars that sum up what has no bar of its own.
pub(super) const REST: Colour = Colour(0x99, 0x99, 0x99);

impl Colour {
    /// The lighter tone that stands for "free".
    pub(super) fn tint(self) -> Self {
        let mix = |part: u8| u8::try_from((u16::from(part) * 42 + 255 * 58) / 100).unwrap_or(255);
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

/// Which point of a label its `x` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Its left end.
    Left,
    /// Its middle.
    Middle,
    /// Its right end.
    Right,
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    /// Left edge.
    pub(super) x: i32,
    /// Upper edge.
    pub(super) y: i32,
    /// Width.
    pub(super) w: i32,
    /// Height.
    pub(super) h: i32,
}

impl Area {
    /// The first pixel right of the area.
    pub(super) const fn right(self) -> i32 {
        self.x + self.w
    }

    /// The first pixel below the area.
    pub(super) const fn bottom(self) -> i32 {
        self.y + self.h
    }
}

/// One line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The text.
    pub(super) text: String,
    /// Horizontal position of the anchor.
    pub(super) x: i32,
    /// Vertical position of the baseline.
    pub(super) baseline: i32,
    /// Size and weight.
    pub(super) font: Font,
    /// Colour.
    pub(super) colour: Colour,
    /// What `x` refers to.
    pub(super) anchor: Anchor,
}

/// Something to paint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A filled rectangle.
    Block(Area, Colour),
    /// A line of text.
    Label(Label),
}

/// A chart that is laid out but not yet painted.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// The faces, for measuring and painting.
    pub(super) faces: &'a Typefaces,
    /// Title for readers who cannot see the drawing.
    pub(super) title: String,
    /// What to paint, in this order.
    pub(super) shapes: Vec<Shape>,
}

impl<'a> Scene<'a> {
    /// An empty chart with its title, and a subtitle of the log's name and
    /// a summary. A long name gives way to the summary.
    pub(super) fn framed(faces: &'a Typefaces, title: &str, name: &str, summary: &str) -> Self {
        let mut scene = Self { faces, title: title.to_owned(), shapes: Vec::new() };
        let room = WIDTH - 2 * MARGIN;
        let title = faces.fit(title, TITLE, room);
        let name = faces.fit(name, SUBTITLE, room - faces.width(summary, SUBTITLE));
        let subtitle = format!("{name}{summary}");
        scene.text(&title, (MARGIN, 72), TITLE, INK, Anchor::Left);
        scene.text(&subtitle, (MARGIN, 110), SUBTITLE, SOFT, Anchor::Left);
        scene
    }

    /// Adds a rectangle; one without area is left out.
    pub(super) fn block(&mut self, area: Area, colour: Colour) {
        if area.w > 0 && area.h > 0 {
            self.shapes.push(Shape::Block(area, colour));
        }
    }

    /// Adds a line of text at a point of its baseline.
    pub(super) fn text(&mut self, text: &str, (x, baseline): (i32, i32), font: Font, colour: Colour, anchor: Anchor) {
        if !text.is_empty() {
            self.shapes.push(Shape::Label(Label { text: text.to_owned(), x, baseline, font, colour, anchor }));
        }
    }

    /// Says in the middle of an empty chart why it is empty.
    pub(super) fn note(&mut self, text: &str) {
        let middle = i32::midpoint(BODY_TOP, BODY_BOTTOM);
        self.block(Area { x: MARGIN, y: middle - 90, w: WIDTH - 2 * MARGIN, h: 160 }, Colour(0xF4, 0xF5, 0xF6));
        let text = self.faces.fit(text, NOTE, WIDTH - 4 * MARGIN);
        self.text(&text, (WIDTH / 2, middle), NOTE, SOFT, Anchor::Middle);
    }

    /// A remark at the lower edge.
    pub(super) fn footnote(&mut self, text: &str) {
        let text = self.faces.fit(text, FOOTNOTE, WIDTH - 2 * MARGIN);
        self.text(&text, (MARGIN, HEIGHT - 26), FOOTNOTE, SOFT, Anchor::Left);
    }

    /// Width of a line of text in pixels.
    pub(super) fn width(&self, text: &str, font: Font) -> i32 {
        self.faces.width(text, font)
    }
}

impl Label {
    /// Where the text begins.
    pub(super) fn left(&self, faces: &Typefaces) -> i32 {
        match self.anchor {
            Anchor::Left => self.x,
            Anchor::Middle => self.x - faces.width(&self.text, self.font) / 2,
            Anchor::Right => self.x - faces.width(&self.text, self.font),
        }
    }
}
