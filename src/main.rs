//! The `wabill` command: parses, runs, and turns what happened into an exit code (contract §1).

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
