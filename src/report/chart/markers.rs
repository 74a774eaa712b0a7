//! Vertical lines where the pricing rules change, with their labels above the
//! bars.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::RegimeChange;
use super::axis::TimeAxis;
use super::scene::{Anchor, Area, INK, MARGIN, PAPER, Scene, WIDTH};
use super::text::{Font, Typefaces};

const FONT: Font = Font::regular(16);
const LANE_HEIGHT: i32 = 25;
/// Labels beyond this many on top of each other are left out; their lines stay.
const MOST_LANES: usize = 7;
const GAP: i32 = 14;

/// One line and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Marker {
    x: i32,
    left: i32,
    right: i32,
    lane: usize,
    text: String,
}

/// All lines of a chart.
#[derive(Debug)]
pub(super) struct Markers(Vec<Marker>);

impl Markers {
    /// Finds places for the labels of the changes that the axis shows.
    pub(super) fn new(changes: &[RegimeChange], axis: &TimeAxis, faces: &Typefaces) -> Self {
        let mut by_date: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
        for change in changes.iter().filter(|change| axis.contains(change.date)) {
            by_date.entry(change.date).or_default().push(&change.label);
        }
        let mut markers: Vec<Marker> = Vec::new();
        // From right to left: a label extends to the right of its line, so it
        // has to be above the labels whose lines it would otherwise cross.
        for (date, labels) in by_date.into_iter().rev() {
            let text = format!("{}: {}", date.format("%-d %b %Y"), labels.join(" + "));
            let text = faces.fit(&text, FONT, WIDTH / 2);
            let width = faces.width(&text, FONT);
            let x = axis.x(date);
            let left = (x - 1).min(WIDTH - MARGIN - width);
            let mut marker = Marker { x, left, right: left + width, lane: 0, text };
            marker.lane = free_lane(&marker, &markers);
            markers.push(marker);
        }
        Self(markers)
    }

    /// Space the labels need above the bars.
    pub(super) fn height(&self) -> i32 {
        let lanes = self.0.iter().map(|marker| marker.lane + 1).max();
        let lanes = lanes.unwrap_or(0).min(MOST_LANES);
        LANE_HEIGHT * i32::try_from(lanes).unwrap_or(0)
    }

    /// Draws lines over a plot and labels above it.
    pub(super) fn draw(&self, scene: &mut Scene<'_>, plot: Area) {
        for marker in &self.0 {
            dashed(scene, marker.x - 1, marker.top(plot), plot.bottom());
        }
        for marker in self.0.iter().filter(|marker| marker.lane < MOST_LANES) {
            let top = marker.top(plot);
            let behind = Area { x: marker.left - 2, y: top, w: marker.right - marker.left + 4, h: LANE_HEIGHT - 3 };
            scene.block(behind, PAPER);
            let at = (marker.left, top + 16);
            scene.text(&marker.text, at, FONT, INK, Anchor::Left);
        }
    }
}

impl Marker {
    /// Upper edge of the label.
    fn top(&self, plot: Area) -> i32 {
        let lane = self.lane.min(MOST_LANES - 1) + 1;
        plot.y - LANE_HEIGHT * i32::try_from(lane).unwrap_or(0)
    }
}

/// The lowest lane where a label neither touches another one nor is crossed by
/// the line of another one.
fn free_lane(marker: &Marker, placed: &[Marker]) -> usize {
    let crossed = placed
        .iter()
        .filter(|other| (marker.left - GAP..marker.right + GAP).contains(&other.x))
        .map(|other| other.lane + 1)
        .max()
        .unwrap_or(0);
    (crossed..=crossed + placed.len())
        .find(|lane| {
            placed
                .iter()
                .all(|other| other.lane != *lane || other.right + GAP < marker.left || marker.right + GAP < other.left)
        })
        .unwrap_or(crossed)
}

fn dashed(scene: &mut Scene<'_>, x: i32, top: i32, bottom: i32) {
    for y in (top..bottom).step_by(10) {
        let dash = Area { x, y, w: 2, h: 6.min(bottom - y) };
        scene.block(dash, INK);
    }
}
