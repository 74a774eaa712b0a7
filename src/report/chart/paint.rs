//! Painting a laid out chart, as SVG and as PNG.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, TextStyle};

use super::ChartError;
use super::scene::{Anchor, Area, Colour, HEIGHT, Label, PAPER, Scene, Shape, WIDTH};

/// Verdana has nearly the widths of the first font, so labels keep their places
/// where that one is missing.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

const SIZE: (u32, u32) = (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs());

const CANVAS: Area = Area { x: 0, y: 0, w: WIDTH, h: HEIGHT };

/// The chart as an SVG document.
pub(super) fn svg(scene: &Scene<'_>) -> Result<String, ChartError> {
    let mut document = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut document, SIZE);
        svg_block(&mut backend, CANVAS, PAPER)?;
        for shape in &scene.shapes {
            match shape {
                Shape::Block(area, colour) => svg_block(&mut backend, *area, *colour)?,
                Shape::Label(label) => svg_label(&mut backend, label)?,
            }
        }
        backend.present().map_err(drawing)?;
    }
    Ok(with_title(&document, &scene.title))
}

fn svg_block(backend: &mut SVGBackend<'_>, area: Area, Colour(r, g, b): Colour) -> Result<(), ChartError> {
    backend.draw_rect((area.x, area.y), (area.right(), area.bottom()), &RGBColor(r, g, b), true).map_err(drawing)
}

fn svg_label(backend: &mut SVGBackend<'_>, label: &Label) -> Result<(), ChartError> {
    let size = f64::from(label.font.size);
    let weight = if label.font.bold { FontStyle::Bold } else { FontStyle::Normal };
    // The backend divides the size by 1.24, and puts the baseline of a text
    // with its anchor at the top 0.76 em below that anchor.
    let font = FontDesc::new(FontFamily::Name(FAMILY), size * 1.24, weight);
    let drop = i32::from(label.font.size) * 76 / 100;
    let Colour(r, g, b) = label.colour;
    let colour = RGBColor(r, g, b);
    let anchor = match label.anchor {
        Anchor::Left => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::Right => HPos::Right,
    };
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor, VPos::Top));
    backend.draw_text(&label.text, &style, (label.x, label.baseline - drop)).map_err(drawing)
}

/// Puts the title where screen readers and tooltips look for it.
fn with_title(document: &str, title: &str) -> String {
    let escaped = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    document.replacen(">\n", &format!(" role=\"img\">\n<title>{escaped}</title>\n"), 1)
}

/// The chart as a PNG file.
pub(super) fn png(scene: &Scene<'_>) -> Result<Vec<u8>, ChartError> {
    let mut pixels = vec![0xFF; 3 * SIZE.0 as usize * SIZE.1 as usize];
    {
        let mut backend = BitMapBackend::with_buffer(&mut pixels, SIZE);
        for shape in &scene.shapes {
            match shape {
                Shape::Block(area, colour) => pixel_block(&mut backend, *area, *colour)?,
                Shape::Label(label) => pixel_label(&mut backend, scene, label)?,
            }
        }
    }
    encode(&pixels)
}

fn pixel_block(backend: &mut BitMapBackend<'_>, area: Area, Colour(r, g, b): Colour) -> Result<(), ChartError> {
    backend.draw_rect((area.x, area.y), (area.right(), area.bottom()), &RGBColor(r, g, b), true).map_err(drawing)
}

fn pixel_label(backend: &mut BitMapBackend<'_>, scene: &Scene<'_>, label: &Label) -> Result<(), ChartError> {
    let left = label.left(scene.faces);
    let Colour(r, g, b) = label.colour;
    let mut result = Ok(());
    scene.faces.cover(&label.text, label.font, |x, y, share| {
        let colour = RGBColor(r, g, b).mix(f64::from(share.clamp(0.0, 1.0)));
        let place = (left + x, label.baseline + y);
        if let Err(error) = backend.draw_pixel(place, colour.to_backend_color()) {
            result = Err(drawing(error));
        }
    });
    result
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, ChartError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Best);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}

fn drawing(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::scene::{INK, SOFT};
    use super::super::text::Typefaces;
    use super::*;

    #[test]
    fn rectangles_cover_exactly_their_pixels() {
        let faces = Typefaces::load().expect("fonts");
        let mut scene = Scene::framed(&faces, "", "", "");
        for (x, y, w, h, colour) in [(10, 20, 30, 1, INK), (10, 21, 1, 5, SOFT)] {
            scene.block(Area { x, y, w, h }, colour);
        }
        let file = png(&scene).expect("a picture");
        let decoder = png::Decoder::new(file.as_slice());
        let mut reader = decoder.read_info().expect("a header");
        let mut pixels = vec![0; reader.output_buffer_size()];
        reader.next_frame(&mut pixels).expect("pixels");
        let count = |colour: Colour| {
            let wanted = [colour.0, colour.1, colour.2];
            pixels.chunks(3).filter(|pixel| *pixel == wanted).count()
        };
        assert_eq!((count(INK), count(SOFT)), (30, 5));
    }
}
