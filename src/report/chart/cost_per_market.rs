//! What each market cost: one panel of bars per currency.

use std::collections::BTreeMap;

use super::format::{grouped, pixels, share};
use super::money::Amount;
use super::scene::{Anchor, Area, BODY_BOTTOM, BODY_TOP, Colour, INK, MARGIN, REST, SOFT, Scene, WIDTH};
use super::text::{Font, Typefaces};
use super::{ChartData, ChartError};

const HEADING: Font = Font::bold(19);
const BAR: Colour = Colour(0x00, 0x72, 0xB2);
/// Markets with bars of their own, as long as there is room.
const MOST_MARKETS: usize = 15;
/// Panels that fit side by side and below each other.
const MOST_PANELS: usize = 6;
const LEAST_ROW: i32 = 34;
const BEST_ROW: i32 = 84;
const PANEL_GAP: i32 = 48;
const HEADING_HEIGHT: i32 = 44;

/// All markets billed in one currency.
#[derive(Debug, Default)]
struct Panel<'a> {
    minor_digits: u32,
    markets: BTreeMap<&'a str, Amount>,
}

/// One bar.
#[derive(Debug)]
struct Row {
    name: String,
    amount: Amount,
    label: String,
    colour: Colour,
}

/// Lays the chart out.
pub(super) fn draw<'a>(data: &ChartData, faces: &'a Typefaces) -> Result<Scene<'a>, ChartError> {
    let mut panels: BTreeMap<&str, Panel<'_>> = BTreeMap::new();
    for cost in &data.cost_per_market {
        let panel = panels.entry(&cost.billed.currency).or_default();
        panel.minor_digits = panel.minor_digits.max(cost.billed.minor_digits);
        let sum = panel.markets.entry(&cost.market).or_default();
        *sum = sum.plus(Amount::of(&cost.billed)?);
    }
    let title = if panels.len() > 1 { "What each market cost, per currency" } else { "What each market cost" };
    let mut scene = Scene::framed(faces, title, &data.title, "");
    if panels.is_empty() {
        scene.note("Nothing was billed in this period");
        return Ok(scene);
    }
    let areas = areas(panels.len().min(MOST_PANELS));
    for (area, (currency, panel)) in areas.into_iter().zip(&panels) {
        draw_panel(&mut scene, area, currency, panel);
    }
    let left_out: Vec<String> = panels
        .iter()
        .skip(MOST_PANELS)
        .map(|(currency, panel)| total(panel.markets.values()).text(currency, panel.minor_digits))
        .collect();
    if !left_out.is_empty() {
        scene.footnote(&format!("Also billed: {}", left_out.join(" · ")));
    }
    Ok(scene)
}

/// Splits the space into equal panels.
fn areas(count: usize) -> Vec<Area> {
    let (columns, rows) = match count {
        1 => (1, 1),
        2 => (2, 1),
        3 | 4 => (2, 2),
        _ => (3, 2),
    };
    let w = (WIDTH - 2 * MARGIN - (columns - 1) * PANEL_GAP) / columns;
    let h = (BODY_BOTTOM + 24 - BODY_TOP - (rows - 1) * PANEL_GAP / 2) / rows;
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    places
        .take(count)
        .map(|(row, column)| Area {
            x: MARGIN + column * (w + PANEL_GAP),
            y: BODY_TOP + row * (h + PANEL_GAP / 2),
            w,
            h,
        })
        .collect()
}

fn draw_panel(scene: &mut Scene<'_>, area: Area, currency: &str, panel: &Panel<'_>) {
    let total = total(panel.markets.values());
    let heading = format!("{} billed in total", total.text(currency, panel.minor_digits));
    let heading = scene.faces.fit(&heading, HEADING, area.w);
    let at = (area.x, area.y + 18);
    scene.text(&heading, at, HEADING, INK, Anchor::Left);
    let room = area.h - HEADING_HEIGHT;
    let most = usize::try_from(room / LEAST_ROW).unwrap_or(1);
    let rows = rows(currency, panel, most.clamp(2, MOST_MARKETS + 1), total);
    let count = i32::try_from(rows.len()).unwrap_or(1).max(1);
    let body = Area { y: area.y + HEADING_HEIGHT, h: (room / count).min(BEST_ROW), ..area };
    draw_rows(scene, body, &rows);
}

fn total<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Amount {
    amounts.fold(Amount::default(), |sum, amount| sum.plus(*amount))
}

/// The markets from the most to the least expensive; when there are too many,
/// the cheapest ones share the last row.
fn rows(currency: &str, panel: &Panel<'_>, most: usize, total: Amount) -> Vec<Row> {
    let mut markets: Vec<(&str, Amount)> = panel.markets.iter().map(|(name, sum)| (*name, *sum)).collect();
    // Stable: markets of equal cost stay in the order of their names.
    markets.sort_by_key(|market| std::cmp::Reverse(market.1));
    let own = if markets.len() > most { most - 1 } else { markets.len() };
    let (shown, others) = markets.split_at(own);
    let row = |name: String, amount: Amount, colour| {
        let text = amount.text(currency, panel.minor_digits);
        let label = match share(amount.raw(), total.raw()) {
            Some(share) => format!("{text} · {share}"),
            None => text,
        };
        Row { name, amount, label, colour }
    };
    let mut rows: Vec<Row> = shown.iter().map(|(name, amount)| row((*name).to_owned(), *amount, BAR)).collect();
    if !others.is_empty() {
        let name = format!("{} other markets", grouped(others.len() as u64));
        let sum = others.iter().fold(Amount::default(), |sum, other| sum.plus(other.1));
        rows.push(row(name, sum, REST));
    }
    rows
}

/// Draws rows of the height of `body` from its top: name, bar, amount.
fn draw_rows(scene: &mut Scene<'_>, body: Area, rows: &[Row]) {
    let (font, limit) = match body.w {
        ..600 => (Font::regular(14), body.w * 9 / 20),
        600..900 => (Font::regular(16), body.w * 2 / 5),
        _ => (Font::regular(18), body.w / 3),
    };
    let widest =
        |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| scene.width(text, font)).max().unwrap_or(0);
    let names = widest(&mut rows.iter().map(|row| &row.name)).min(limit);
    let labels = widest(&mut rows.iter().map(|row| &row.label));
    let zero = body.x + names + 14;
    let length = (body.right() - labels - 10 - zero).max(20);
    let most = rows.iter().map(|row| row.amount.raw()).max().unwrap_or(0);
    let mut y = body.y;
    for row in rows {
        let middle = y + body.h / 2;
        draw_name(scene, (zero - 12, middle), &row.name, font, names);
        let thickness = (body.h * 13 / 20).min(44);
        // What was billed at all is visible, however little it was.
        let least = i32::from(row.amount > Amount::default());
        let bar = Area {
            x: zero,
            y: middle - thickness / 2,
            w: pixels(row.amount.raw(), most, length).max(least),
            h: thickness,
        };
        scene.block(bar, row.colour);
        let at = (bar.right() + 10, middle + 6);
        scene.text(&row.label, at, font, INK, Anchor::Left);
        y += body.h;
    }
    let axis = Area { x: zero - 1, y: body.y, w: 1, h: y - body.y };
    scene.block(axis, SOFT);
}

/// A name of one or two lines, right-aligned and centred on a row.
pub(super) fn draw_name(scene: &mut Scene<'_>, (right, middle): (i32, i32), name: &str, font: Font, limit: i32) {
    let lines = scene.faces.wrap(name, font, limit, 2);
    let leading = i32::from(font.size) * 23 / 20;
    let above = leading * (i32::try_from(lines.len()).unwrap_or(1) - 1) / 2;
    let mut baseline = middle + 6 - above;
    for line in lines {
        scene.text(&line, (right, baseline), font, INK, Anchor::Right);
        baseline += leading;
    }
}
