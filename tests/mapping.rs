//! Logs of providers and inboxes through mapping files: the built-in ones against their fixtures, and mappings of one's own.

#[path = "mapping/bad_files.rs"]
mod bad_files;
#[path = "mapping/built_in.rs"]
mod built_in;
#[path = "mapping/collect.rs"]
mod collect;
#[path = "mapping/own.rs"]
mod own;
#[path = "mapping/suggest.rs"]
mod suggest;
