//! What every chart has to fulfil, whatever the data.

use chrono::{Days, NaiveDate};

use super::scene::{HEIGHT, Label, Scene, Shape, WIDTH};
use super::text::Typefaces;
use super::{ChartData, ChartError, ChartFile, MarketCost, Money, paint, render, sample, scenes};

const NAMES: [&str; 3] = ["charged_and_free_per_day", "cost_per_market", "free_by_reason"];

fn svg_of(data: &ChartData, name: &str) -> String {
    let faces = Typefaces::load().expect("fonts");
    let scenes = scenes(data, &faces).expect("scenes");
    let scene = scenes.iter().find(|scene| scene.0 == name);
    paint::svg(&scene.expect("a chart of that name").1).expect("a document")
}

fn names(files: &[ChartFile]) -> Vec<&'static str> {
    files.iter().map(|file| file.name).collect()
}

fn labels<'s>(scene: &'s Scene<'_>) -> Vec<&'s Label> {
    scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Label(label) => Some(label),
            Shape::Block(..) => None,
        })
        .collect()
}

/// Left, top, right and bottom of a label.
fn extent(label: &Label, faces: &Typefaces) -> [i32; 4] {
    let left = label.left(faces);
    let size = i32::from(label.font.size);
    let right = left + faces.width(&label.text, label.font);
    [left, label.baseline - size * 3 / 4, right, label.baseline + size / 5]
}

/// No label overlaps another one, and nothing leaves the canvas.
fn assert_tidy(sample: &str, data: &ChartData, faces: &Typefaces) {
    for (chart, scene) in scenes(data, faces).expect("scenes") {
        let labels: Vec<(&str, [i32; 4])> =
            labels(&scene).into_iter().map(|label| (label.text.as_str(), extent(label, faces))).collect();
        for (index, (text, a)) in labels.iter().enumerate() {
            let inside = a[0] >= 0 && a[1] >= 0 && a[2] <= WIDTH && a[3] <= HEIGHT;
            assert!(inside, "{sample}, {chart}: {text:?} leaves the canvas");
            for (other, b) in &labels[index + 1..] {
                let apart = a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3];
                assert!(apart, "{sample}, {chart}: {text:?} overlaps {other:?}");
            }
        }
        for shape in &scene.shapes {
            if let Shape::Block(area, _) = shape {
                let inside = area.x >= 0 && area.y >= 0;
                let inside = inside && area.right() <= WIDTH && area.bottom() <= HEIGHT;
                assert!(inside, "{sample}, {chart}: {area:?}");
            }
        }
    }
}

#[test]
fn every_sample_is_tidy() {
    let faces = Typefaces::load().expect("fonts");
    for (sample, data) in sample::all() {
        assert_tidy(sample, &data, &faces);
    }
}

#[test]
fn periods_of_every_length_are_tidy() {
    let faces = Typefaces::load().expect("fonts");
    for length in [2, 16, 17, 45, 46, 120, 121, 400, 731, 732, 1500, 4000, 9000] {
        let mut data = sample::millions();
        let last = data.days[0].date + Days::new(length - 1);
        data.period = Some((data.days[0].date, last));
        data.days.retain(|day| day.date <= last);
        assert_tidy(&format!("{length} days"), &data, &faces);
    }
}

#[test]
fn absurd_values_are_drawn_without_panic() {
    let mut data = sample::shop();
    for (day, date) in data.days.iter_mut().zip([NaiveDate::MIN, NaiveDate::MAX]) {
        day.date = date;
    }
    for day in &mut data.days {
        day.messages = u64::MAX;
    }
    for cost in &mut data.cost_per_market {
        cost.billed.amount = format!("-{}.5", "9".repeat(20));
    }
    data.free_by_reason[0].messages = u64::MAX;
    data.free_by_reason[1].messages = u64::MAX;
    let faces = Typefaces::load().expect("fonts");
    assert_tidy("absurd", &data, &faces);
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    let once: Vec<ChartFile> = render(&sample::shop()).expect("charts");
    assert_eq!(once, render(&sample::shop()).expect("charts"));
    assert_eq!(NAMES.to_vec(), names(&once));
    for file in &once {
        assert!(file.png.starts_with(b"\x89PNG\r\n"), "{}", file.name);
        assert!(file.svg.starts_with("<svg "), "{}", file.name);
        assert!(file.svg.trim_end().ends_with("</svg>"), "{}", file.name);
    }
}

#[test]
fn order_of_the_input_does_not_matter() {
    let mut data = sample::shop();
    let all = |data: &ChartData| NAMES.map(|name| svg_of(data, name));
    let before = all(&data);
    data.days.reverse();
    data.regime_changes.reverse();
    data.cost_per_market.reverse();
    data.free_by_reason.reverse();
    assert_eq!(before, all(&data));
}

#[test]
fn the_daily_chart_names_changes_dates_and_totals() {
    let svg = svg_of(&sample::shop(), "charged_and_free_per_day");
    for text in [
        "What was charged and what was free, per day",
        "sample: 1 Aug – 31 Oct 2026",
        "1 Oct 2026: service messages charged",
        "DejaVu Sans, Verdana, sans-serif",
        "business agent",
        "15 Sep",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains("long ago"), "a change outside the period");
}

#[test]
fn long_periods_say_what_a_bar_covers() {
    let weeks = svg_of(&sample::one_year(), "charged_and_free_per_day");
    assert!(weeks.contains("one bar per week"));
    let months = svg_of(&sample::four_years(), "charged_and_free_per_day");
    assert!(months.contains("one bar per month"));
    assert!(months.contains("service messages charged + maximum price"));
}

#[test]
fn markets_have_full_names_and_exact_amounts() {
    let svg = svg_of(&sample::many_markets(), "cost_per_market");
    assert!(svg.contains("32 other markets"));
    assert!(svg.contains("Rest of Central &amp; Eastern Europe"));
    let svg = svg_of(&sample::millions(), "cost_per_market");
    assert!(svg.contains("INR 123,456,789.88"));
    assert!(svg.contains("COP 9,876,543,210.50"));
}

#[test]
fn empty_charts_say_why() {
    let none = ChartData::default();
    let daily = svg_of(&none, "charged_and_free_per_day");
    assert!(daily.contains("nothing was billed"));
    assert!(svg_of(&none, "cost_per_market").contains("Nothing was billed in this period"));
    assert!(svg_of(&none, "free_by_reason").contains("No message was free in this period"));
}

#[test]
fn an_amount_that_is_no_number_is_an_error() {
    let mut data = sample::shop();
    data.cost_per_market.push(MarketCost {
        market: "India".to_owned(),
        billed: Money { currency: "INR".to_owned(), amount: "1,000".to_owned(), minor_digits: 2 },
    });
    let error = render(&data).expect_err("a comma is not allowed");
    assert!(matches!(error, ChartError::Amount { .. }), "{error}");
}
