//! The modules of `src/` import only what the architecture lets them, and keep the rules that no compiler checks.
//!
//! Source text is cut into tokens without comments and literals, and every path in it that starts with `crate`, `super`, `self`,
//! `wabill` or `std` is followed, in `use` items (groups included) and in expressions alike.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the library may import, itself aside.
const MAY_IMPORT: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("tariff", &["model"]),
    ("read", &["model"]),
    ("chat", &["model", "tariff"]),
    ("judge", &["model", "tariff"]),
    ("rate", &["model", "tariff"]),
    ("summarise", &["model"]),
    ("scenario", &["model", "tariff"]),
    ("report", &["model", "summarise"]),
    ("engine", &["model", "tariff", "read", "chat", "judge", "rate", "summarise", "scenario"]),
];
/// The program: everything else in `src/` belongs to the library.
const PROGRAM: [&str; 2] = ["main", "cli"];
/// Names that say nothing.
const EMPTY_NAMES: [&str; 4] = ["utils", "helpers", "prelude", "common"];
const MOST_LINES: usize = 450;
/// Where floats are no danger to money or a verdict.
/// The readers of `read/json/` take a JSON number of any kind, to pass it over or to turn it into the text that is then parsed exactly.
const MAY_FLOAT: [&str; 4] = ["scenario/", "report/chart/", "cli/progress.rs", "read/json/"];

// --- Source files ----------------------------------------------------------------------------------

struct Source {
    /// Within `src/`, with `/`.
    path: String,
    text: String,
    tokens: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(&root().join("src"), &mut sources);
    assert!(sources.len() > 50, "{} files found", sources.len());
    sources
}

fn collect(folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8");
            let relative = path.strip_prefix(root().join("src")).expect("below src").to_str().expect("UTF-8");
            sources.push(Source { path: relative.replace('\\', "/"), tokens: tokens(&text), text });
        }
    }
}

impl Source {
    /// The module it is: `report::chart` for `report/chart/mod.rs`.
    fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs");
        let path = path.strip_suffix("/mod").unwrap_or(path);
        if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
    }

    fn is_program(&self) -> bool {
        self.module().first().is_some_and(|top| PROGRAM.contains(&top.as_str()))
    }
}

// --- Tokens ----------------------------------------------------------------------------------------

/// Identifiers, numbers and punctuation, `::` as one. Comments are left out; of literals and lifetimes a `"` stays.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if let Some(length) = comment(rest) {
            length
        } else if let Some(length) = literal(rest) {
            tokens.push("\"".to_owned());
            length
        } else if first.is_alphanumeric() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Bytes of the comment that the text starts with. Block comments nest.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    text.starts_with("/*").then(|| {
        let (mut depth, mut at) = (0_usize, 0);
        while at < text.len() {
            match &text.as_bytes()[at..] {
                [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
                [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
            if depth == 0 {
                break;
            }
        }
        at
    })
}

/// Bytes of the string, character or lifetime that the text starts with.
fn literal(text: &str) -> Option<usize> {
    let body = text.trim_start_matches(['b', 'c', 'r']);
    let prefix = &text[..text.len() - body.len()];
    let fence = body.len() - body.trim_start_matches('#').len();
    if prefix.len() <= 2 && prefix.ends_with('r') && body[fence..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(fence));
        let start = prefix.len() + fence + 1;
        return Some(text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()));
    }
    if prefix.len() > 1 || prefix == "r" {
        return None;
    }
    match body.chars().next()? {
        '"' => Some(prefix.len() + closed(body, '"')),
        '\'' if body[1..].starts_with('\\') || body[1..].chars().nth(1) == Some('\'') => {
            Some(prefix.len() + closed(body, '\''))
        }
        '\'' if prefix.is_empty() => {
            let end = text[1..].find(|c: char| !c.is_alphanumeric() && c != '_');
            Some(end.map_or(text.len(), |end| end + 1))
        }
        _ => None,
    }
}

/// Bytes up to the closing quote.
fn closed(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

// --- Paths -----------------------------------------------------------------------------------------

/// A path as written, and the module it is written in.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    within: Vec<String>,
    path: Vec<String>,
}

/// All paths that start with one of the names which a path can be followed from.
fn paths(source: &Source) -> Vec<Written> {
    let tokens: Vec<&str> = source.tokens.iter().map(String::as_str).collect();
    let mut within = source.module();
    // Depths of the braces that inline modules opened.
    let (mut depth, mut inline) = (0, Vec::new());
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        match tokens[at..] {
            ["mod", name, "{", ..] => {
                within.push(name.to_owned());
                inline.push(depth + 1);
            }
            ["{", ..] => depth += 1,
            ["}", ..] => {
                if inline.last() == Some(&depth) {
                    inline.pop();
                    within.pop();
                }
                depth -= 1;
            }
            ["crate" | "super" | "self" | "wabill" | "std", "::", ..] if at == 0 || tokens[at - 1] != "::" => {
                let mut path = Vec::new();
                follow(&tokens[at..], &mut path, &mut |path| {
                    found.push(Written { within: within.clone(), path: path.to_vec() });
                });
            }
            _ => {}
        }
    }
    found
}

/// Follows a path, into every branch of its groups; gives the number of tokens.
fn follow(tokens: &[&str], path: &mut Vec<String>, found: &mut impl FnMut(&[String])) -> usize {
    let start = path.len();
    let mut at = 0;
    loop {
        match tokens[at..] {
            ["{", ..] => {
                at += 1;
                while tokens[at] != "}" {
                    at += if tokens[at] == "," { 1 } else { follow(&tokens[at..], path, found) };
                }
                path.truncate(start);
                return at + 1;
            }
            // Type arguments are no part of the path, and stand here by themselves.
            ["<", ..] | [] => break,
            [part, "::", ..] => {
                path.push(part.to_owned());
                at += 2;
            }
            [part, "as", _, ..] => {
                path.push(part.to_owned());
                at += 3;
                break;
            }
            [part, ..] => {
                path.push(part.to_owned());
                at += 1;
                break;
            }
        }
    }
    found(path);
    path.truncate(start);
    at
}

impl Written {
    /// The path from the root of its crate: `super::Money` within `model::day` is `model::Money`.
    fn target(&self) -> Vec<String> {
        let mut place = self.within.clone();
        for part in &self.path {
            match part.as_str() {
                "crate" => place.clear(),
                "super" => drop(place.pop()),
                "self" => {}
                _ => place.push(part.clone()),
            }
        }
        place
    }

    fn starts_with(&self, name: &str) -> bool {
        self.path.first().is_some_and(|first| first == name)
    }
}

// --- The rules -------------------------------------------------------------------------------------

/// What is wrong with the imports of a file.
fn import_faults(source: &Source) -> Vec<String> {
    let module = source.module();
    let own = module.first().map_or("", String::as_str);
    let allowed: &[&str] = MAY_IMPORT.iter().find(|(name, _)| *name == own).map_or(&[], |(_, allowed)| allowed);
    let fault = |written: &Written| {
        let target = written.target();
        let top = target.first().map_or("the root of the crate", String::as_str);
        let holds = match (source.is_program(), written.path[0].as_str()) {
            // Of the library, the compiler lets the program see public names only.
            (_, "std") | (true, "wabill") => true,
            (true, _) => PROGRAM.contains(&top),
            (false, "wabill") => false,
            (false, _) => own.is_empty() || top == own || allowed.contains(&top),
        };
        (!holds).then(|| format!("src/{}: {} reaches {top}", source.path, written.path.join("::")))
    };
    paths(source).iter().filter_map(fault).collect()
}

fn assert_none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn modules_import_only_what_they_may() {
    let sources = sources();
    assert_none(sources.iter().flat_map(import_faults));
}

#[test]
fn every_module_stands_in_the_table() {
    let known: BTreeSet<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).chain(PROGRAM).collect();
    let sources = sources();
    let tops: BTreeSet<String> = sources.iter().filter_map(|source| source.module().first().cloned()).collect();
    assert_eq!(tops.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    let names = sources.iter().flat_map(|source| source.module().into_iter().map(|name| (name, &source.path)));
    let empty = names.filter(|(name, _)| EMPTY_NAMES.contains(&name.as_str()));
    assert_none(empty.map(|(name, path)| format!("src/{path}: '{name}' says nothing")));
}

#[test]
fn files_are_short() {
    let long = sources().into_iter().map(|source| (source.text.lines().count(), source.path));
    assert_none(
        long.filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("src/{path}: {lines} lines")),
    );
}

#[test]
fn nothing_is_left_for_later() {
    let marks = |source: &Source| {
        let macros = source.tokens.windows(2).filter(|pair| pair[1] == "!").map(|pair| pair[0].clone());
        let unfinished = macros.filter(|name| ["todo", "unimplemented"].contains(&name.as_str()));
        let words =
            source.text.split(|c: char| !c.is_alphanumeric()).filter(|word| ["TODO", "FIXME", "XXX"].contains(word));
        let found: Vec<String> = unfinished.chain(words.map(str::to_owned)).collect();
        (!found.is_empty()).then(|| format!("src/{}: {}", source.path, found.join(", ")))
    };
    assert_none(sources().iter().filter_map(marks));
}

/// Its order and its speed both depend on a random seed.
#[test]
fn no_map_hashes_at_random() {
    let random = ["HashMap", "HashSet", "hash_map", "hash_set", "RandomState", "DefaultHasher"];
    let fault = |source: &Source| -> Vec<String> {
        let of_std = paths(source).into_iter().filter(|written| written.starts_with("std"));
        let random = of_std.filter(|written| written.path.iter().any(|part| random.contains(&part.as_str())));
        random.map(|written| format!("src/{}: {}", source.path, written.path.join("::"))).collect()
    };
    assert_none(sources().iter().flat_map(fault));
}

#[test]
fn floats_stay_out_of_money_and_verdicts() {
    let is_float = |token: &&String| {
        let number = token.starts_with(|c: char| c.is_ascii_digit());
        ["f32", "f64"].iter().any(|float| *token == float || (number && token.ends_with(float)))
    };
    let strict = sources().into_iter().filter(|source| !MAY_FLOAT.iter().any(|place| source.path.starts_with(place)));
    assert_none(
        strict.filter_map(|source| {
            source.tokens.iter().find(is_float).map(|token| format!("src/{}: {token}", source.path))
        }),
    );
}

#[test]
fn files_that_the_source_names_are_there() {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let mut found = 0;
    let mut faults = Vec::new();
    for source in sources() {
        for word in source.text.split(|c: char| !is_name(c)) {
            let name = word.trim_end_matches('.').trim_start_matches("../");
            let folder = ["data/", "scenarios/", "reports/"].iter().any(|folder| name.starts_with(folder));
            if folder && Path::new(name).extension().is_some() {
                found += 1;
                if !root().join(name).is_file() {
                    faults.push(format!("src/{}: {name} is not there", source.path));
                }
            }
        }
    }
    assert!(found > 10, "{found} names found");
    assert_none(faults);
}

// --- The reader of source itself -------------------------------------------------------------------

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned(), tokens: tokens(text) }
}

#[test]
fn comments_and_literals_are_no_paths() {
    let text = r##"
        //! use crate::report::a;
        /// crate::report::b
        /* crate::report::c /* nested */ crate::report::d */
        fn f<'a>(x: &'a str) -> char { let s = "crate::report::e \" crate::report::f"; let q = '"'; g(s, '\'', '{') }
        const RAW: &str = r#"crate::report::g " crate::report::h"#; const BYTE: u8 = b'"'; const TEXT: &[u8] = b"}";
        fn g() -> crate::model::Day {}
    "##;
    let source = source("judge/x.rs", text);
    assert_eq!(paths(&source).iter().map(Written::target).collect::<Vec<_>>(), [["model", "Day"]]);
}

#[test]
fn every_way_to_import_is_understood() {
    let faults = |path: &str, text: &str| import_faults(&source(path, text)).len();
    for (text, expected) in [
        ("use crate::model::Day;", 0),
        ("use crate::{model::{Day, Month}, report::words, rate};", 2),
        ("use super::super::report::{self as r, words::*};", 2),
        ("fn f() { crate::report::f::<crate::rate::Pool>() }", 2),
        ("mod inner { use super::super::state; mod deep { use super::super::super::super::rate; } use super::x; }", 1),
        ("mod inner { } use super::super::rate;", 1),
        ("pub(in crate::judge) fn f() {} pub(crate) fn g() {}", 0),
        ("use wabill::model::Day;", 1),
        ("use crate::*;", 1),
        ("use std::fmt; use self::inner::X;", 0),
    ] {
        assert_eq!(faults("judge/cbp.rs", text), expected, "{text}");
    }
    for (text, expected) in [
        ("use wabill::{engine::Plan, report}; use super::failure::Failure; use crate::cli::print;", 0),
        ("use crate::engine::Plan;", 1),
        ("use super::super::engine;", 1),
    ] {
        assert_eq!(faults("cli/plan.rs", text), expected, "{text}");
    }
}
