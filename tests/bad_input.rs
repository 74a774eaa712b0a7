//! Malformed rows, files, side files and switches, and runs that end early: each is told with its place and remedy, none crashes
//! the program, none leaves half a file, and what is good is still billed (contract §1).

#[path = "bad_input/child.rs"]
mod child;
#[path = "bad_input/duplicates.rs"]
mod duplicates;
#[path = "bad_input/ends.rs"]
mod ends;
#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/logs.rs"]
mod logs;
#[path = "bad_input/rows.rs"]
mod rows;
#[path = "bad_input/run.rs"]
mod run;
#[path = "bad_input/side_files.rs"]
mod side_files;
#[path = "bad_input/small_disk.rs"]
mod small_disk;
#[path = "bad_input/spills.rs"]
mod spills;
#[path = "bad_input/switches.rs"]
mod switches;
