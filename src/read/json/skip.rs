//! A value that is passed over. Unlike serde's own way of ignoring it is read as if it mattered, so that a document is nested no deeper
//! than the parser allows (128 levels) and its escapes are characters, wherever in it they stand.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value of any type, not kept.
#[derive(Debug)]
pub(in crate::read) struct Skipped;

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Skipped, D::Error> {
        deserializer.deserialize_any(SkippedVisitor)
    }
}

struct SkippedVisitor;

macro_rules! skip {
    ($($visit:ident($($value:ty)?),)*) => {
        $(fn $visit<E>(self $(, _: $value)?) -> Result<Skipped, E> {
            Ok(Skipped)
        })*
    };
}

impl<'de> Visitor<'de> for SkippedVisitor {
    type Value = Skipped;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    skip! { visit_str(&str), visit_u64(u64), visit_i64(i64), visit_f64(f64), visit_bool(bool), visit_unit(), }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Skipped, A::Error> {
        while items.next_element::<Skipped>()?.is_some() {}
        Ok(Skipped)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Skipped, A::Error> {
        while entries.next_entry::<Skipped, Skipped>()?.is_some() {}
        Ok(Skipped)
    }
}
