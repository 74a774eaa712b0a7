//! Scenario files: what is refused and how it is said, what the schema promises, what traffic looks like, and what comes out.

#[path = "scenario/bad_files.rs"]
mod bad_files;
#[path = "scenario/distributions.rs"]
mod distributions;
#[path = "scenario/examples.rs"]
mod examples;
#[path = "scenario/fit.rs"]
mod fit;
#[path = "scenario/generate.rs"]
mod generate;
#[path = "scenario/monte_carlo.rs"]
mod monte_carlo;
#[path = "scenario/policies.rs"]
mod policies;
#[path = "scenario/program.rs"]
mod program;
#[path = "scenario/schema.rs"]
mod schema;
#[path = "scenario/simulate.rs"]
mod simulate;
