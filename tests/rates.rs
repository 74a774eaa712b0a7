//! Cards as Meta publishes them: `rates import` reads them to the last decimal or says what is wrong where, and `rates diff` says
//! what changed. The fixtures have the published layout and invented figures.

#[path = "bad_input/run.rs"]
mod run;

#[path = "rates/bad_cards.rs"]
mod bad_cards;
#[path = "rates/cards.rs"]
mod cards;
#[path = "rates/diff.rs"]
mod diff;
#[path = "rates/import.rs"]
mod import;
