//! Text: how wide it is, how to make it fit, and how its pixels look.
//!
//! The bitmap backend of plotters drops the left side bearing of every glyph,
//! which makes narrow letters stick together; glyphs are therefore placed here.

use ab_glyph::{Font as _, FontRef, Glyph, InvalidFont, ScaleFont as _, point};

/// Size and weight of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Font {
    /// Size of the em square in pixels, as in CSS.
    pub(super) size: u16,
    /// Whether the bold face is used.
    pub(super) bold: bool,
}

impl Font {
    /// Normal weight.
    pub(super) const fn regular(size: u16) -> Self {
        Self { size, bold: false }
    }

    /// Bold weight.
    pub(super) const fn bold(size: u16) -> Self {
        Self { size, bold: true }
    }
}

/// The two faces used. They come with the program, because a server or a
/// container often has no fonts at all.
#[derive(Debug)]
pub(super) struct Typefaces {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Typefaces {
    /// Reads the embedded faces.
    pub(super) fn load() -> Result<Self, InvalidFont> {
        Ok(Self {
            regular: FontRef::try_from_slice(dejavu::sans::regular())?,
            bold: FontRef::try_from_slice(dejavu::sans::bold())?,
        })
    }

    /// Width of one line of text, rounded up to whole pixels.
    pub(super) fn width(&self, text: &str, font: Font) -> i32 {
        let (_, end) = self.layout(text, font);
        whole(end.ceil())
    }

    /// The text itself, or as much of its beginning as fits, with an ellipsis.
    pub(super) fn fit(&self, text: &str, font: Font, limit: i32) -> String {
        if self.width(text, font) <= limit {
            return text.to_owned();
        }
        let mut short = text.to_owned();
        while short.pop().is_some() {
            let candidate = format!("{}…", short.trim_end());
            if self.width(&candidate, font) <= limit {
                return candidate;
            }
        }
        String::new()
    }

    /// Breaks text between words into at most `lines` lines; what then still
    /// does not fit is shortened.
    pub(super) fn wrap(&self, text: &str, font: Font, limit: i32, lines: usize) -> Vec<String> {
        let mut done: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            let full = self.width(&longer, font) > limit && !line.is_empty();
            if full && done.len() + 1 < lines {
                done.push(std::mem::replace(&mut line, word.to_owned()));
            } else {
                line = longer;
            }
        }
        done.push(line);
        done.iter().map(|line| self.fit(line, font, limit)).collect()
    }

    /// Calls `plot` with every pixel the text touches and how much of the pixel
    /// it covers, relative to a baseline that starts at the origin.
    pub(super) fn cover(&self, text: &str, font: Font, mut plot: impl FnMut(i32, i32, f32)) {
        let (glyphs, _) = self.layout(text, font);
        for glyph in glyphs {
            let Some(outline) = self.face(font).outline_glyph(glyph) else {
                continue; // A space has no outline.
            };
            let bounds = outline.px_bounds();
            let (left, top) = (whole(bounds.min.x), whole(bounds.min.y));
            outline.draw(|x, y, share| {
                plot(left.saturating_add_unsigned(x), top.saturating_add_unsigned(y), share);
            });
        }
    }

    /// Glyphs at their places on the baseline, and where the line ends.
    fn layout(&self, text: &str, font: Font) -> (Vec<Glyph>, f32) {
        let face = self.face(font);
        // ab_glyph scales by the height of a line, CSS by the em square.
        let units = face.units_per_em().unwrap_or(1.0);
        let scale = f32::from(font.size) * face.height_unscaled() / units;
        let scaled = face.as_scaled(scale);
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut pen = 0.0_f32;
        for character in text.chars() {
            let id = face.glyph_id(character);
            if let Some(before) = glyphs.last() {
                pen += scaled.kern(before.id, id);
            }
            glyphs.push(id.with_scale_and_position(scale, point(pen, 0.0)));
            pen += scaled.h_advance(id);
        }
        (glyphs, pen)
    }

    fn face(&self, font: Font) -> &FontRef<'static> {
        if font.bold { &self.bold } else { &self.regular }
    }
}

/// A pixel coordinate that is a whole number already.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the conversion saturates, and a line of text is a few thousand pixels at most"
)]
fn whole(value: f32) -> i32 {
    value as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_the_signs_the_charts_use() {
        let faces = Typefaces::load().expect("fonts");
        for font in [Font::regular(16), Font::bold(16)] {
            for sign in "₹€£$…·–−&üñé".chars() {
                assert_ne!(faces.face(font).glyph_id(sign).0, 0, "{sign}");
            }
        }
    }

    #[test]
    fn text_is_broken_between_words_and_shortened_last() {
        let faces = Typefaces::load().expect("fonts");
        let font = Font::regular(16);
        let name = "Rest of Central & Eastern Europe";
        assert_eq!(faces.wrap(name, font, 1000, 2), [name]);
        assert_eq!(faces.wrap(name, font, 150, 2), ["Rest of Central &", "Eastern Europe"]);
        assert_eq!(faces.wrap(name, font, 80, 2), ["Rest of", "Central…"]);
        assert_eq!(faces.fit(name, font, 0), "");
    }

    #[test]
    fn glyphs_stay_within_the_measured_width() {
        let faces = Typefaces::load().expect("fonts");
        let font = Font::bold(36);
        let text = "What was charged";
        let mut right = 0;
        faces.cover(text, font, |x, _, _| right = right.max(x));
        let width = faces.width(text, font);
        assert!((width - 4..=width).contains(&right), "{right} of {width}");
    }
}
