//! Charged messages above the zero line, free ones below it, per day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::axis::{Step, TimeAxis};
use super::counts::CountAxis;
use super::format::{counted, grouped};
use super::markers::Markers;
use super::scene::{Anchor, Area, BODY_BOTTOM, BODY_TOP, Colour, GRID, INK, MARGIN, SOFT, Scene, WIDTH};
use super::text::{Font, Typefaces};
use super::{ChartCategory, ChartData};

const LABEL: Font = Font::regular(16);
const HEADING: Font = Font::bold(20);
/// Least width of the legend and totals on the right.
const LEGEND_WIDTH: i32 = 226;
const LEGEND_GAP: i32 = 36;
const SWATCH: i32 = 16;
/// Numbers left of the vertical axis.
const NUMBER_WIDTH: i32 = 104;
/// Dates, years and the label of the horizontal axis.
const DATES_HEIGHT: i32 = 62;
const WIDEST_BAR: i32 = 96;

/// Every category in the order of stacking, from the zero line outwards, with
/// its colour (after Okabe and Ito) and its name.
const CATEGORIES: [(ChartCategory, Colour, &str); 6] = [
    (ChartCategory::Marketing, Colour(0xD5, 0x5E, 0x00), "marketing"),
    (ChartCategory::Utility, Colour(0x00, 0x72, 0xB2), "utility"),
    (ChartCategory::Authentication, Colour(0xCC, 0x79, 0xA7), "authentication"),
    (ChartCategory::Service, Colour(0x00, 0x9E, 0x73), "service"),
    (ChartCategory::BusinessAgent, Colour(0xE6, 0x9F, 0x00), "business agent"),
    (ChartCategory::Other, Colour(0x80, 0x80, 0x80), "other"),
];

/// Messages per category.
type Counts = BTreeMap<ChartCategory, u64>;

/// Messages of one bar, or of all of them.
#[derive(Debug, Default)]
struct Split {
    charged: Counts,
    free: Counts,
}

impl Split {
    fn add(&mut self, charged: bool, category: ChartCategory, messages: u64) {
        let side = if charged { &mut self.charged } else { &mut self.free };
        let count = side.entry(category).or_default();
        *count = count.saturating_add(messages);
    }
}

fn sum(counts: &Counts) -> u64 {
    counts.values().fold(0, |sum, count| sum.saturating_add(*count))
}

/// Lays the chart out.
pub(super) fn draw<'a>(data: &ChartData, faces: &'a Typefaces) -> Scene<'a> {
    let Some(period) = period(data) else {
        let mut scene = frame(data, faces, Step::Day, "");
        scene.note("No messages in this period: nothing was billed");
        return scene;
    };
    let total = total(data);
    let legend = legend_width(faces, &total);
    let width = WIDTH - 2 * MARGIN - NUMBER_WIDTH - LEGEND_GAP - legend;
    let axis = TimeAxis::new(period, MARGIN + NUMBER_WIDTH, width);
    let bars = collect(data, &axis);
    let summary = format!(" · {} charged, {} free", counted(sum(&total.charged), "message"), grouped(sum(&total.free)));
    let mut scene = frame(data, faces, axis.step, &summary);
    let markers = Markers::new(&data.regime_changes, &axis, faces);
    let top = BODY_TOP + 34 + markers.height();
    let plot = Area { x: MARGIN + NUMBER_WIDTH, y: top, w: width, h: BODY_BOTTOM - DATES_HEIGHT - top };
    let most = |side: fn(&Split) -> &Counts| bars.values().map(|bar| sum(side(bar))).max();
    let counts =
        CountAxis::new(most(|bar| &bar.charged).unwrap_or(0), most(|bar| &bar.free).unwrap_or(0), plot.y, plot.h);
    draw_grid(&mut scene, plot, &counts, axis.step);
    for (start, bar) in &bars {
        draw_bar(&mut scene, axis.edges(*start), &counts, bar);
    }
    draw_dates(&mut scene, plot, &axis, counts.zero());
    markers.draw(&mut scene, plot);
    draw_legend(&mut scene, plot, WIDTH - MARGIN - legend, &total);
    scene
}

fn frame<'a>(data: &ChartData, faces: &'a Typefaces, step: Step, summary: &str) -> Scene<'a> {
    let title = format!("What was charged and what was free, per {}", step.noun());
    Scene::framed(faces, &title, &data.title, summary)
}

/// The given period, made longer by days outside of it that have messages.
fn period(data: &ChartData) -> Option<(NaiveDate, NaiveDate)> {
    let days = data.days.iter().filter(|day| day.messages > 0);
    let (first, last) = days.fold(None, |range, day| match range {
        None => Some((day.date, day.date)),
        Some((first, last)) => Some((day.date.min(first), day.date.max(last))),
    })?;
    let (from, to) = data.period.unwrap_or((first, last));
    Some((first.min(from), last.max(to)))
}

/// Adds the days up to bars.
fn collect(data: &ChartData, axis: &TimeAxis) -> BTreeMap<NaiveDate, Split> {
    let mut bars: BTreeMap<NaiveDate, Split> = BTreeMap::new();
    for day in data.days.iter().filter(|day| day.messages > 0) {
        let bar = bars.entry(axis.bar_of(day.date)).or_default();
        bar.add(day.charged, day.category, day.messages);
    }
    bars
}

fn total(data: &ChartData) -> Split {
    let mut total = Split::default();
    for day in data.days.iter().filter(|day| day.messages > 0) {
        total.add(day.charged, day.category, day.messages);
    }
    total
}

/// As wide as the longest name and the longest number need.
fn legend_width(faces: &Typefaces, total: &Split) -> i32 {
    let names = CATEGORIES.iter().map(|(_, _, name)| faces.width(name, LABEL));
    let most = sum(&total.charged).max(sum(&total.free));
    let number = faces.width(&grouped(most), HEADING);
    let names = names.max().unwrap_or(0);
    (SWATCH + 9 + names + 16 + number).max(LEGEND_WIDTH)
}

fn draw_grid(scene: &mut Scene<'_>, plot: Area, counts: &CountAxis, step: Step) {
    let unit = format!("messages per {}: charged above the line, free below it", step.noun());
    scene.text(&unit, (MARGIN, BODY_TOP + 8), LABEL, SOFT, Anchor::Left);
    let zero = counts.zero();
    let lines = (1..=counts.above).map(|line| (line, true));
    let lines = lines.chain((1..=counts.below).map(|line| (line, false)));
    for (line, up) in lines {
        let count = line.saturating_mul(counts.step);
        let offset = counts.length(count);
        let y = if up { zero - offset } else { zero + offset };
        draw_number(scene, plot, y, count);
        let line = Area { x: plot.x, y, w: plot.w, h: 1 };
        scene.block(line, GRID);
    }
    draw_number(scene, plot, zero, 0);
}

fn draw_number(scene: &mut Scene<'_>, plot: Area, y: i32, count: u64) {
    let at = (plot.x - 10, y + 6);
    let text = grouped(count);
    let text = scene.faces.fit(&text, LABEL, NUMBER_WIDTH);
    scene.text(&text, at, LABEL, SOFT, Anchor::Right);
}

fn draw_bar(scene: &mut Scene<'_>, (left, right): (i32, i32), counts: &CountAxis, bar: &Split) {
    let slot = (right - left).max(1);
    let gap = if slot < 4 { 0 } else { (slot / 6).max(2) };
    let width = (slot - gap).min(WIDEST_BAR);
    let x = left + (slot - width) / 2;
    let zero = counts.zero();
    let (mut above, mut below) = (0_u64, 0_u64);
    for (category, colour, _) in CATEGORIES {
        let charged = bar.charged.get(&category).copied().unwrap_or(0);
        let free = bar.free.get(&category).copied().unwrap_or(0);
        // Edges are rounded, not heights: a stack has neither gaps nor overlaps.
        let (from, to) = (above, above.saturating_add(charged));
        let (y, end) = (zero - counts.length(to), zero - counts.length(from));
        let h = end - y;
        scene.block(Area { x, y, w: width, h }, colour);
        above = to;
        let (from, to) = (below, below.saturating_add(free));
        let (y, end) = (zero + counts.length(from), zero + counts.length(to));
        let h = end - y;
        scene.block(Area { x, y, w: width, h }, colour.tint());
        below = to;
    }
}

fn draw_dates(scene: &mut Scene<'_>, plot: Area, axis: &TimeAxis, zero: i32) {
    let line = Area { x: plot.x, y: zero - 1, w: plot.w, h: 2 };
    scene.block(line, INK);
    for tick in axis.ticks() {
        let mark = Area { x: tick.x, y: plot.bottom(), w: 1, h: 6 };
        scene.block(mark, SOFT);
        let at = (tick.x, plot.bottom() + 23);
        scene.text(&tick.text, at, LABEL, INK, Anchor::Middle);
        let year = tick.year.unwrap_or_default();
        scene.text(&year, (at.0, at.1 + 20), LABEL, SOFT, Anchor::Middle);
    }
    let at = (plot.x + plot.w / 2, BODY_BOTTOM + 18);
    scene.text(axis.step.axis_label(), at, LABEL, SOFT, Anchor::Middle);
}

/// The totals double as legend; charged ones are beside the upper end of the
/// plot and free ones beside its lower end.
fn draw_legend(scene: &mut Scene<'_>, plot: Area, left: i32, total: &Split) {
    let rows = |counts: &Counts| i32::try_from(counts.len()).unwrap_or(0);
    let at = (left, plot.y + 8);
    draw_side(scene, at, "Charged", &total.charged, |colour| colour);
    let height = 38 + 27 * rows(&total.free);
    let at = (left, plot.bottom() - height);
    draw_side(scene, at, "Free", &total.free, Colour::tint);
}

fn draw_side(
    scene: &mut Scene<'_>,
    (left, top): (i32, i32),
    heading: &str,
    counts: &Counts,
    shade: fn(Colour) -> Colour,
) {
    let right = WIDTH - MARGIN;
    let all = grouped(sum(counts));
    scene.text(heading, (left, top + 18), HEADING, INK, Anchor::Left);
    scene.text(&all, (right, top + 18), HEADING, INK, Anchor::Right);
    let mut baseline = top + 48;
    for (category, colour, name) in CATEGORIES {
        let Some(count) = counts.get(&category) else {
            continue;
        };
        let swatch = Area { x: left, y: baseline - 13, w: SWATCH, h: SWATCH };
        scene.block(swatch, shade(colour));
        scene.text(name, (left + SWATCH + 9, baseline), LABEL, INK, Anchor::Left);
        let number = grouped(*count);
        scene.text(&number, (right, baseline), LABEL, INK, Anchor::Right);
        baseline += 27;
    }
}
