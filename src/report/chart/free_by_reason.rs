//! Why messages were free, how many there were, and what they would have cost.

use std::collections::BTreeMap;

use super::cost_per_market::draw_name;
use super::format::{grouped, pixels, share};
use super::money::Amount;
use super::scene::{Anchor, Area, BODY_BOTTOM, BODY_TOP, Colour, GRID, INK, MARGIN, REST, SOFT, Scene, WIDTH};
use super::text::{Font, Typefaces};
use super::{ChartData, ChartError};

const TEXT: Font = Font::regular(18);
const BOLD: Font = Font::bold(18);
const HEADING: Font = Font::regular(16);
/// Free messages are green, and pale as in the daily chart.
const BAR: Colour = Colour(0x66, 0xC5, 0xAB);
const MOST_REASONS: usize = 12;
const BEST_ROW: i32 = 92;
const WIDEST_NAME: i32 = 380;
const SHORTEST_BAR: i32 = 160;
const COLUMN_GAP: i32 = 40;
const PRICE_HEADING: &str = "at list price";

/// One row of the table.
#[derive(Debug, Default)]
struct Row {
    name: String,
    messages: u64,
    prices: BTreeMap<String, Amount>,
    /// The total has no bar, since it would dwarf all others.
    colour: Option<Colour>,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.messages = self.messages.saturating_add(other.messages);
        for (currency, amount) in &other.prices {
            let sum = self.prices.entry(currency.clone()).or_default();
            *sum = sum.plus(*amount);
        }
    }
}

/// A column of list prices.
#[derive(Debug)]
struct Column {
    right: i32,
    texts: Vec<String>,
}

/// Everything that is drawn: the rows and where their parts are.
#[derive(Debug)]
struct Table {
    rows: Vec<Row>,
    total: Row,
    /// Right end of the names.
    names: i32,
    /// Longest possible bar.
    length: i32,
    columns: Vec<Column>,
    row_height: i32,
}

/// Lays the chart out.
pub(super) fn draw<'a>(data: &ChartData, faces: &'a Typefaces) -> Result<Scene<'a>, ChartError> {
    let rows = read(data)?;
    let mut total = Row { name: "total".to_owned(), ..Row::default() };
    for row in &rows {
        total.add(row);
    }
    let title = "Why messages were free, and what they would have cost";
    let mut scene = Scene::framed(faces, title, &data.title, "");
    if rows.is_empty() {
        scene.note("No message was free in this period");
        return Ok(scene);
    }
    let digits = minor_digits(data);
    let (table, left_out) = arrange(&scene, shorten(rows), total, &digits);
    draw_headings(&mut scene, &table);
    for (index, row) in table.rows.iter().enumerate() {
        draw_row(&mut scene, &table, index, row, TEXT);
    }
    draw_row(&mut scene, &table, table.rows.len(), &table.total, BOLD);
    if !left_out.is_empty() {
        scene.footnote(&format!("Also at list price: {}", left_out.join(" · ")));
    }
    Ok(scene)
}

/// The reasons, most messages first; equal names are added up.
fn read(data: &ChartData) -> Result<Vec<Row>, ChartError> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for reason in data.free_by_reason.iter().filter(|r| r.messages > 0) {
        let mut row = Row { messages: reason.messages, ..Row::default() };
        for price in &reason.list_price {
            let sum = row.prices.entry(price.currency.clone()).or_default();
            *sum = sum.plus(Amount::of(price)?);
        }
        let same = rows.entry(&reason.reason).or_insert_with(|| Row {
            name: reason.reason.clone(),
            colour: Some(BAR),
            ..Row::default()
        });
        same.add(&row);
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.messages));
    Ok(rows)
}

fn minor_digits(data: &ChartData) -> BTreeMap<&str, u32> {
    let mut digits: BTreeMap<&str, u32> = BTreeMap::new();
    let prices = data.free_by_reason.iter().flat_map(|r| &r.list_price);
    for price in prices {
        let most = digits.entry(&price.currency).or_default();
        *most = price.minor_digits.max(*most);
    }
    digits
}

/// Puts the rarest reasons together when there are too many.
fn shorten(mut rows: Vec<Row>) -> Vec<Row> {
    if rows.len() > MOST_REASONS {
        let others = rows.split_off(MOST_REASONS - 1);
        let mut sum = Row {
            name: format!("{} other reasons", grouped(others.len() as u64)),
            colour: Some(REST),
            ..Row::default()
        };
        for row in &others {
            sum.add(row);
        }
        rows.push(sum);
    }
    rows
}

/// Gives names and prices the space they need and bars the rest. Currencies
/// that would leave too little for the bars are returned as totals.
fn arrange(scene: &Scene<'_>, rows: Vec<Row>, total: Row, digits: &BTreeMap<&str, u32>) -> (Table, Vec<String>) {
    let widest = rows.iter().map(|row| scene.width(&row.name, TEXT)).max();
    let names = MARGIN + widest.unwrap_or(0).min(WIDEST_NAME);
    let count_width = scene.width(&count_label(&total, &total), BOLD);
    let mut right = WIDTH - MARGIN;
    let mut columns = Vec::new();
    let mut left_out = Vec::new();
    for (currency, places) in digits.iter().rev() {
        let texts: Vec<String> = rows.iter().chain([&total]).map(|row| price_text(row, currency, *places)).collect();
        let wide = texts.iter().map(|text| scene.width(text, BOLD)).max();
        let wide = wide.unwrap_or(0).max(scene.width(PRICE_HEADING, HEADING));
        let left = right - wide - COLUMN_GAP;
        if left - count_width - names < SHORTEST_BAR {
            left_out.push(price_text(&total, currency, *places));
        } else {
            columns.push(Column { right, texts });
            right = left;
        }
    }
    left_out.reverse();
    let count = i32::try_from(rows.len() + 1).unwrap_or(1);
    let table = Table {
        rows,
        total,
        names,
        length: right - count_width - names - 40,
        columns,
        row_height: ((BODY_BOTTOM - BODY_TOP - 40) / count).min(BEST_ROW),
    };
    (table, left_out)
}

fn price_text(row: &Row, currency: &str, places: u32) -> String {
    match row.prices.get(currency) {
        Some(amount) => amount.text(currency, places),
        None => "–".to_owned(),
    }
}

fn count_label(row: &Row, total: &Row) -> String {
    let part = share(row.messages.into(), total.messages.into());
    format!("{} · {}", grouped(row.messages), part.unwrap_or_default())
}

fn draw_headings(scene: &mut Scene<'_>, table: &Table) {
    let baseline = BODY_TOP + 12;
    let at = (table.names + 14, baseline);
    scene.text("messages not charged", at, HEADING, SOFT, Anchor::Left);
    for column in &table.columns {
        let at = (column.right, baseline);
        scene.text(PRICE_HEADING, at, HEADING, SOFT, Anchor::Right);
    }
}

fn draw_row(scene: &mut Scene<'_>, table: &Table, index: usize, row: &Row, font: Font) {
    let place = i32::try_from(index).unwrap_or(0);
    let top = BODY_TOP + 32 + place * table.row_height;
    let middle = top + table.row_height / 2;
    let line = Area { x: MARGIN, y: top, w: WIDTH - 2 * MARGIN, h: 1 };
    scene.block(line, if row.colour.is_some() { GRID } else { SOFT });
    let limit = table.names - MARGIN;
    draw_name(scene, (table.names, middle), &row.name, font, limit);
    let after = draw_bar(scene, table, middle, row);
    let label = count_label(row, &table.total);
    scene.text(&label, (after, middle + 6), font, INK, Anchor::Left);
    for column in &table.columns {
        let text = column.texts.get(index).map_or("", String::as_str);
        let at = (column.right, middle + 6);
        scene.text(text, at, font, INK, Anchor::Right);
    }
}

/// Draws the bar of a row that has one and returns where its label begins.
fn draw_bar(scene: &mut Scene<'_>, table: &Table, middle: i32, row: &Row) -> i32 {
    let left = table.names + 14;
    let Some(colour) = row.colour else {
        return left;
    };
    let most = table.rows.iter().map(|row| row.messages).max().unwrap_or(0);
    let height = (table.row_height * 11 / 20).min(42);
    let bar = Area {
        x: left,
        y: middle - height / 2,
        w: pixels(row.messages.into(), most.into(), table.length).max(1),
        h: height,
    };
    scene.block(bar, colour);
    bar.right() + 10
}
