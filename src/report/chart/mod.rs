//! The charts of the report: what was charged and what was free per day, what
//! each market cost, and why messages were free.
//!
//! The module takes a plain [`ChartData`] and knows nothing else of the crate.
//! Each chart is laid out once, as a list of rectangles and labels on a
//! 1600 × 900 canvas, and that list is painted twice, as SVG and as PNG; the two
//! files can therefore not disagree. Layout is done in whole pixels, so the same
//! data always gives the same SVG bytes and the same PNG pixels.

#![expect(
    clippy::float_arithmetic,
    reason = "glyph outlines are placed with sub-pixel precision; no amount of money is ever a float"
)]

mod axis;
mod charged_and_free;
mod cost_per_market;
mod counts;
mod format;
mod free_by_reason;
mod markers;
mod money;
mod paint;
mod ranges;
#[cfg(test)]
mod sample;
mod scale;
mod scene;
mod simulation;
#[cfg(test)]
mod tests;
mod text;

use chrono::NaiveDate;

pub use simulation::{SimulationCharts, render_simulation};

use scene::Scene;
use text::Typefaces;

/// Everything the charts show, already counted and summed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartData {
    /// Name of the log and its period, shown as the subtitle, for example
    /// `sample: 1 Aug – 31 Oct 2026`.
    pub title: String,
    /// First and last day of the period, both included. `None` takes the days
    /// that have messages; a quiet first or last week then goes missing.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Messages per account-local day, category and charged or free. The order
    /// does not matter and equal keys are added up.
    pub days: Vec<DayCount>,
    /// Days on which the pricing rules changed. Those outside the period are
    /// not drawn.
    pub regime_changes: Vec<RegimeChange>,
    /// What was billed per market. Equal pairs of market and currency are
    /// added up.
    pub cost_per_market: Vec<MarketCost>,
    /// Why messages were free.
    pub free_by_reason: Vec<FreeReason>,
}

/// Number of messages of one category on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// Day in the time zone of the WhatsApp Business Account.
    pub date: NaiveDate,
    /// Pricing category.
    pub category: ChartCategory,
    /// Whether these messages were charged.
    pub charged: bool,
    /// Number of messages.
    pub messages: u64,
}

/// Categories that have a colour of their own. Whatever else occurs in a log
/// belongs to [`ChartCategory::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartCategory {
    /// Marketing templates.
    Marketing,
    /// Utility templates.
    Utility,
    /// Authentication templates, domestic and international.
    Authentication,
    /// Service messages.
    Service,
    /// Messages of a business agent.
    BusinessAgent,
    /// Everything else.
    Other,
}

/// A day on which the pricing rules changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegimeChange {
    /// First day under the new rules.
    pub date: NaiveDate,
    /// What is new, in a few words: `service messages charged`.
    pub label: String,
}

/// An amount of money as exact text; the charts round it only for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217 code.
    pub currency: String,
    /// Plain decimal text such as `1234.5678`: an optional sign, digits and at
    /// most one point, without separators or exponent.
    pub amount: String,
    /// Decimal places of the currency's minor unit: 2 for INR, 0 for JPY. Half
    /// a minor unit is rounded away from zero.
    pub minor_digits: u32,
}

/// What was billed for one market in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketCost {
    /// Name of the market on the rate card.
    pub market: String,
    /// The amount billed.
    pub billed: Money,
}

/// How many messages were free for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeReason {
    /// The reason in words: `free entry point (ad click)`.
    pub reason: String,
    /// Number of messages.
    pub messages: u64,
    /// What they would have cost at list price, one amount per currency.
    pub list_price: Vec<Money>,
}

/// One finished chart in both formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartFile {
    /// File name without extension.
    pub name: &'static str,
    /// The drawing as an SVG document.
    pub svg: String,
    /// The same drawing as a PNG file of 1600 × 900 pixels.
    pub png: Vec<u8>,
}

/// Why a chart could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// An amount is not plain decimal text, or has more digits than money has.
    #[error("the amount {amount:?} in {currency} is not a plain decimal number")]
    Amount {
        /// The text as given.
        amount: String,
        /// The currency it came with.
        currency: String,
    },
    /// The embedded font could not be read.
    #[error("the embedded font is not usable")]
    Font(#[from] ab_glyph::InvalidFont),
    /// The drawing backend refused an operation.
    #[error("drawing failed: {0}")]
    Drawing(String),
    /// The picture could not be encoded.
    #[error("encoding the PNG failed")]
    Png(#[from] png::EncodingError),
}

/// Draws the three charts. Data that is missing gives a chart that says so.
///
/// # Errors
///
/// Fails if an amount is not plain decimal text, and otherwise only if the font
/// or one of the backends is broken.
pub fn render(data: &ChartData) -> Result<Vec<ChartFile>, ChartError> {
    let faces = Typefaces::load()?;
    scenes(data, &faces)?
        .into_iter()
        .map(|(name, scene)| Ok(ChartFile { name, svg: paint::svg(&scene)?, png: paint::png(&scene)? }))
        .collect()
}

/// Lays the charts out. Kept apart from painting so that tests can look at the
/// labels and their places.
fn scenes<'a>(data: &ChartData, faces: &'a Typefaces) -> Result<[(&'static str, Scene<'a>); 3], ChartError> {
    Ok([
        ("charged_and_free_per_day", charged_and_free::draw(data, faces)),
        ("cost_per_market", cost_per_market::draw(data, faces)?),
        ("free_by_reason", free_by_reason::draw(data, faces)?),
    ])
}
