//! Charts of a simulation: bars of variants, ranges of months, a tornado, and the distribution of bills.

use super::format::{counted, pixels};
use super::money::Amount;
use super::scale::Scale;
use super::scene::{Anchor, Area, BODY_BOTTOM, BODY_TOP, Colour, GRID, INK, MARGIN, REST, SOFT, Scene, WIDTH};
use super::text::Font;

const LABEL: Font = Font::regular(18);
const FIGURE: Font = Font::regular(16);
const BAR: Colour = Colour(0x00, 0x72, 0xB2);
const MORE: Colour = Colour(0xD5, 0x5E, 0x00);
const LESS: Colour = Colour(0x00, 0x9E, 0x73);
/// Room for names on the left, at most, and for figures on the right.
const NAMES: i32 = 450;
const FIGURES: i32 = 300;
const TALLEST_ROW: i32 = 110;
/// Room for the amounts below the rows.
const AXIS: i32 = 50;
/// Rows with bars of their own.
pub(super) const MOST_ROWS: usize = 20;
/// Bins of a histogram: about five bills each.
const FEWEST_BINS: usize = 8;
const MOST_BINS: usize = 40;

/// How amounts are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing<'w> {
    pub(super) currency: &'w str,
    pub(super) minor_digits: u32,
}

impl Writing<'_> {
    fn text(self, amount: Amount) -> String {
        amount.text(self.currency, self.minor_digits)
    }
}

/// One row: a name, and a bar from one amount to another with a mark in it.
#[derive(Debug, Clone)]
pub(super) struct Range {
    pub(super) name: String,
    pub(super) from: Amount,
    pub(super) to: Amount,
    pub(super) mark: Option<Amount>,
    pub(super) colour: Colour,
}

impl Range {
    /// A bar from zero.
    pub(super) fn bar(name: &str, amount: Amount) -> Range {
        Range { name: name.to_owned(), from: Amount::default(), to: amount, mark: None, colour: BAR }
    }

    /// From low to high, with the middle marked.
    pub(super) fn fan(name: &str, low: Amount, middle: Amount, high: Amount) -> Range {
        Range { name: name.to_owned(), from: low, to: high, mark: Some(middle), colour: BAR.tint() }
    }

    /// What a parameter does to the bill when it grows.
    pub(super) fn swing(name: &str, at_low: Amount, at_high: Amount) -> Range {
        let colour = if at_high >= at_low { MORE } else { LESS };
        Range { name: name.to_owned(), from: at_low.min(at_high), to: at_low.max(at_high), mark: None, colour }
    }
}

/// Rows of bars, with a line at one amount if there is one. Bars that show amounts begin at zero, those that show ranges need not.
pub(super) fn rows(scene: &mut Scene<'_>, ranges: &[Range], line: Option<(Amount, &str)>, writing: Writing<'_>) {
    let bars = ranges.iter().all(|range| range.from == Amount::default());
    // Only what is about differences may leave out the zero.
    let from_zero = bars || ranges.iter().any(|range| range.mark.is_some());
    let longest = ranges.iter().map(|range| scene.width(&range.name, LABEL)).max().unwrap_or(0);
    let names = (longest + 24).min(NAMES);
    let ends = ranges.iter().flat_map(|range| [range.from, range.to]).chain(line.map(|(amount, _)| amount));
    let (left, plot) = (MARGIN + names, WIDTH - 2 * MARGIN - names - FIGURES);
    let scale = Scale::of(ends, from_zero, (left, plot));
    let count = i32::try_from(ranges.len()).unwrap_or(1).max(1);
    let top = BODY_TOP + 20;
    let height = ((BODY_BOTTOM - top - AXIS) / count).min(TALLEST_ROW);
    axis(scene, &scale, (top, top + count * height), writing);
    for (place, range) in (0..).zip(ranges) {
        let y = top + place * height;
        let bar = Area {
            x: scale.x(range.from),
            y: y + height / 6,
            w: (scale.x(range.to) - scale.x(range.from)).max(2),
            h: height * 2 / 3,
        };
        let baseline = y + height / 2 + 6;
        scene.block(Area { x: left, y: y + height - 1, w: plot, h: 1 }, GRID);
        scene.block(bar, range.colour);
        let name = scene.faces.fit(&range.name, LABEL, names - 10);
        scene.text(&name, (MARGIN, baseline), LABEL, INK, Anchor::Left);
        let figures = match range.mark {
            Some(mark) => {
                scene.block(Area { x: scale.x(mark) - 2, w: 4, ..bar }, BAR);
                let plain = |amount: Amount| amount.text("", writing.minor_digits).trim_start().to_owned();
                format!("{} ({} to {})", writing.text(mark), plain(range.from), plain(range.to))
            }
            None if bars => writing.text(range.to),
            None => format!("{} to {}", writing.text(range.from), range.to.text("", writing.minor_digits).trim_start()),
        };
        let figures = scene.faces.fit(&figures, FIGURE, FIGURES - 10);
        scene.text(&figures, (WIDTH - MARGIN, baseline), FIGURE, SOFT, Anchor::Right);
    }
    if let Some((amount, what)) = line {
        let x = scale.x(amount);
        scene.block(Area { x: x - 1, y: top, w: 2, h: count * height }, INK);
        scene.text(what, (x, top - 6), FIGURE, INK, Anchor::Middle);
    }
}

/// Lines at round amounts behind all rows, each with its amount below.
fn axis(scene: &mut Scene<'_>, scale: &Scale, (top, bottom): (i32, i32), writing: Writing<'_>) {
    for tick in scale.ticks(writing.minor_digits) {
        let x = scale.x(tick);
        scene.block(Area { x, y: top, w: 1, h: bottom - top + 6 }, GRID);
        let text = tick.text("", writing.minor_digits);
        scene.text(text.trim_start(), (x, bottom + 26), FIGURE, SOFT, Anchor::Middle);
    }
}

/// How many bills lie in each of equal steps, with the quantiles marked.
pub(super) fn histogram(scene: &mut Scene<'_>, sorted: &[Amount], marks: [(&str, Amount); 3], writing: Writing<'_>) {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return };
    let span = (last.raw() - first.raw()).max(1);
    let mut bins = vec![0_u64; (sorted.len() / 5).clamp(FEWEST_BINS, MOST_BINS)];
    let count = bins.len();
    let most = i128::try_from(count).unwrap_or(1);
    for bill in sorted {
        let bin = (bill.raw() - first.raw()).saturating_mul(most) / span;
        bins[usize::try_from(bin).unwrap_or(0).min(count - 1)] += 1;
    }
    let tallest = bins.iter().copied().max().unwrap_or(1);
    let plot = Area { x: MARGIN, y: BODY_TOP + 90, w: WIDTH - 2 * MARGIN, h: BODY_BOTTOM - BODY_TOP - 150 };
    let edge = |bin: usize| plot.x + plot.w * i32::try_from(bin).unwrap_or(0) / i32::try_from(count).unwrap_or(1);
    for (bin, bills) in bins.into_iter().enumerate() {
        let h = pixels(bills.into(), tallest.into(), plot.h);
        scene.block(Area { x: edge(bin) + 1, y: plot.bottom() - h, w: edge(bin + 1) - edge(bin) - 2, h }, BAR.tint());
    }
    scene.block(Area { x: plot.x, y: plot.bottom(), w: plot.w, h: 2 }, INK);
    scene.text(&writing.text(*first), (plot.x, plot.bottom() + 28), FIGURE, SOFT, Anchor::Left);
    scene.text(&writing.text(*last), (plot.right(), plot.bottom() + 28), FIGURE, SOFT, Anchor::Right);
    scene.footnote(&format!("Tallest bar: {}", counted(tallest, "run")));
    for (place, (name, amount)) in (0..).zip(marks) {
        let x = plot.x + pixels(amount.raw() - first.raw(), span, plot.w);
        // Labels of close marks stand below one another, and all of them above the bars.
        let top = plot.y - 76 + place * 22;
        let beside = if x > plot.x + plot.w * 4 / 5 { (x - 6, Anchor::Right) } else { (x + 6, Anchor::Left) };
        scene.block(
            Area { x: x - 1, y: top + 4, w: 2, h: plot.bottom() - top - 4 },
            if place == 1 { INK } else { REST },
        );
        scene.text(&format!("{name} {}", writing.text(amount)), (beside.0, top + 14), FIGURE, INK, beside.1);
    }
}
