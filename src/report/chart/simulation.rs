//! The charts of a simulation, from plain data.

use super::money::Amount;
use super::ranges::{MOST_ROWS, Range, Writing, histogram, rows};
use super::scene::Scene;
use super::text::Typefaces;
use super::{ChartError, ChartFile, Money, paint};

/// Everything that the charts show. Amounts are exact text, all in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimulationCharts {
    /// Name of the scenario.
    pub title: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimal places of the currency's minor unit.
    pub minor_digits: u32,
    /// The bills, the baseline's first.
    pub variants: Vec<(String, String)>,
    /// The baseline and the variants with P5, P50 and P95.
    pub variant_ranges: Vec<(String, [String; 3])>,
    /// Months with P5, P50 and P95.
    pub months: Vec<(String, [String; 3])>,
    /// Parameters with the bill at their P10 and P90, the widest first.
    pub tornado: Vec<(String, [String; 2])>,
    /// All bills, in ascending order.
    pub bills: Vec<String>,
    /// P5, P50 and P95 of the bill.
    pub quantiles: Option<[String; 3]>,
}

impl SimulationCharts {
    fn amount(&self, text: &str) -> Result<Amount, ChartError> {
        let money = Money { currency: self.currency.clone(), amount: text.to_owned(), minor_digits: self.minor_digits };
        Amount::of(&money)
    }

    fn writing(&self) -> Writing<'_> {
        Writing { currency: &self.currency, minor_digits: self.minor_digits }
    }
}

/// Draws the charts that there is something for: variants, months, tornado and distribution.
///
/// # Errors
///
/// Fails if an amount is not plain decimal text, and otherwise only if the font or one of the backends is broken.
pub fn render_simulation(data: &SimulationCharts) -> Result<Vec<ChartFile>, ChartError> {
    let faces = Typefaces::load()?;
    let scenes = [
        ("variants", variants(data, &faces)?),
        ("variant_ranges", variant_ranges(data, &faces)?),
        ("bill_by_month", months(data, &faces)?),
        ("tornado", tornado(data, &faces)?),
        ("distribution", distribution(data, &faces)?),
    ];
    let drawn = scenes.into_iter().filter_map(|(name, scene)| scene.map(|scene| (name, scene)));
    drawn.map(|(name, scene)| Ok(ChartFile { name, svg: paint::svg(&scene)?, png: paint::png(&scene)? })).collect()
}

fn variants<'a>(data: &SimulationCharts, faces: &'a Typefaces) -> Result<Option<Scene<'a>>, ChartError> {
    if data.variants.len() < 2 {
        return Ok(None);
    }
    let shown = data.variants.iter().take(MOST_ROWS);
    let bars = shown.map(|(name, bill)| Ok(Range::bar(name, data.amount(bill)?)));
    let bars = bars.collect::<Result<Vec<Range>, ChartError>>()?;
    let mut scene = Scene::framed(faces, "The bill of each variant", &data.title, "");
    let baseline = bars.first().map(|bar| (bar.to, "baseline"));
    rows(&mut scene, &bars, baseline, data.writing());
    left_out(&mut scene, data.variants.len(), "variants");
    Ok(Some(scene))
}

fn variant_ranges<'a>(data: &SimulationCharts, faces: &'a Typefaces) -> Result<Option<Scene<'a>>, ChartError> {
    if data.variant_ranges.len() < 2 {
        return Ok(None);
    }
    let bars = fans(data, &data.variant_ranges)?;
    let mut scene = Scene::framed(
        faces,
        "What each variant may cost",
        &data.title,
        ": P5 to P95 of the same runs, with P50 marked",
    );
    let baseline = bars.first().and_then(|bar| bar.mark).map(|middle| (middle, "P50 of the baseline"));
    rows(&mut scene, &bars, baseline, data.writing());
    left_out(&mut scene, data.variant_ranges.len(), "variants");
    Ok(Some(scene))
}

/// Ranges as bars, as many as there is room for.
fn fans(data: &SimulationCharts, all: &[(String, [String; 3])]) -> Result<Vec<Range>, ChartError> {
    let fan = |(name, [low, middle, high]): &(String, [String; 3])| {
        Ok(Range::fan(name, data.amount(low)?, data.amount(middle)?, data.amount(high)?))
    };
    all.iter().take(MOST_ROWS).map(fan).collect()
}

fn months<'a>(data: &SimulationCharts, faces: &'a Typefaces) -> Result<Option<Scene<'a>>, ChartError> {
    if data.months.is_empty() {
        return Ok(None);
    }
    let bars = fans(data, &data.months)?;
    let mut scene = Scene::framed(faces, "The bill of each month", &data.title, ": P5 to P95, with P50 marked");
    rows(&mut scene, &bars, None, data.writing());
    left_out(&mut scene, data.months.len(), "months");
    Ok(Some(scene))
}

fn tornado<'a>(data: &SimulationCharts, faces: &'a Typefaces) -> Result<Option<Scene<'a>>, ChartError> {
    if data.tornado.is_empty() {
        return Ok(None);
    }
    let shown = data.tornado.iter().take(MOST_ROWS);
    let bars = shown.map(|(name, [low, high])| Ok(Range::swing(name, data.amount(low)?, data.amount(high)?)));
    let bars = bars.collect::<Result<Vec<Range>, ChartError>>()?;
    let summary = ": the bill with one parameter at its P10 and its P90";
    let mut scene = Scene::framed(faces, "What moves the bill most", &data.title, summary);
    let baseline = data.variants.first().map(|(_, bill)| data.amount(bill)).transpose()?;
    rows(&mut scene, &bars, baseline.map(|bill| (bill, "as in the scenario")), data.writing());
    scene.footnote(
        "Orange: more of the parameter makes the bill larger. Green: smaller. Everything else as in the scenario.",
    );
    Ok(Some(scene))
}

fn distribution<'a>(data: &SimulationCharts, faces: &'a Typefaces) -> Result<Option<Scene<'a>>, ChartError> {
    let Some([low, middle, high]) = &data.quantiles else { return Ok(None) };
    let bills = data.bills.iter().map(|bill| data.amount(bill)).collect::<Result<Vec<Amount>, ChartError>>()?;
    let summary = format!(": the bills of {} runs", bills.len());
    let mut scene = Scene::framed(faces, "How the bill is distributed", &data.title, &summary);
    let marks = [("P5", data.amount(low)?), ("P50", data.amount(middle)?), ("P95", data.amount(high)?)];
    histogram(&mut scene, &bills, marks, data.writing());
    Ok(Some(scene))
}

fn left_out(scene: &mut Scene<'_>, all: usize, what: &str) {
    if all > MOST_ROWS {
        scene.footnote(&format!("{} more {what} are not shown", all - MOST_ROWS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(amounts: [&str; 3]) -> [String; 3] {
        amounts.map(str::to_owned)
    }

    #[test]
    fn each_chart_is_drawn_if_there_is_something_for_it() {
        let mut data = SimulationCharts {
            title: "shop".into(),
            currency: "USD".into(),
            minor_digits: 2,
            ..SimulationCharts::default()
        };
        assert!(render_simulation(&data).unwrap().is_empty());
        data.variants = vec![("baseline".into(), "10".into()), ("less".into(), "0".into())];
        data.variant_ranges =
            vec![("baseline".into(), texts(["9", "10", "12"])), ("less".into(), texts(["1", "2", "3"]))];
        data.months = vec![("2026-10".into(), texts(["1", "2", "4.5"]))];
        data.tornado = vec![("a".into(), ["3".into(), "1".into()])];
        data.bills = vec!["1".into(), "2".into(), "2".into(), "9".into()];
        data.quantiles = Some(texts(["1", "2", "9"]));
        let files = render_simulation(&data).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name).collect();
        assert_eq!(names, ["variants", "variant_ranges", "bill_by_month", "tornado", "distribution"]);
        for (file, says) in
            files.iter().zip(["USD 10.00", "USD 2.00 (1.00 to 3.00)", "USD 2.00", "USD 1.00 to 3.00", "P95 USD 9.00"])
        {
            assert!(file.svg.contains(says), "{}", file.name);
        }
        assert_eq!(files, render_simulation(&data).unwrap());
        data.bills[0] = "one".into();
        assert!(render_simulation(&data).is_err());
    }
}
