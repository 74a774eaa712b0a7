//! Objects with known keys, read in place and forgiving: a value of another type than expected is passed over, unknown keys are
//! remembered by name, and only a key that stands twice is an error.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::skip::Skipped;

/// A value that is read where it is kept: objects are large, and moving them costs as much as reading them.
pub(super) trait InPlace<'de>: Default {
    /// Reads the value into a default one.
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

impl<'de, T: InPlace<'de>> InPlace<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.as_mut().read(deserializer)
    }
}

/// Where a value is to be read.
struct Target<'p, T>(&'p mut T);

impl<'de, T: InPlace<'de>> DeserializeSeed<'de> for Target<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.read(deserializer)
    }
}

/// A document as a whole.
#[derive(Debug)]
pub(super) struct Whole<T>(pub(super) T);

impl<'de, T: InPlace<'de>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Whole<T>, D::Error> {
        let mut whole = Whole(T::default());
        whole.0.read(deserializer)?;
        Ok(whole)
    }
}

/// Items of lists in one document. An empty one is written in two bytes and kept in hundreds, so that a line within `--max-line` could
/// take gigabytes. Real documents have one item for some two hundred bytes, and 16 MiB of them no more than this.
const MOST_ITEMS: u32 = 200_000;

thread_local! {
    /// Items of the document that is being read; serde hands no state from an object to those within.
    static ITEMS: Cell<u32> = const { Cell::new(0) };
}

/// Starts to count the items of a document.
pub(super) fn begin_document() {
    ITEMS.set(0);
}

/// Counts one of them.
pub(super) fn count_item<E: serde::de::Error>() -> Result<(), E> {
    ITEMS.set(ITEMS.get() + 1);
    if ITEMS.get() > MOST_ITEMS {
        return Err(E::custom(format_args!("more than {MOST_ITEMS} items in the lists of one document; split it")));
    }
    Ok(())
}

/// An object that takes its values key by key.
pub(super) trait Object<'de>: Default {
    /// Takes the value of a key; `false` and nothing taken if the key is not known.
    fn take<A: MapAccess<'de>>(&mut self, key: &str, values: &mut A) -> Result<bool, A::Error>;
    /// Told that there is an object.
    fn begin(&mut self) {}
    /// Told of a key that is not known; its value was passed over.
    fn unknown(&mut self, key: Cow<'de, str>);
}

/// Takes a value unless its key stood before.
pub(super) fn once<'de, T: InPlace<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    key: &str,
    values: &mut A,
) -> Result<bool, A::Error> {
    if place.is_some() {
        return Err(serde::de::Error::custom(format_args!("'{key}' stands twice in one object")));
    }
    values.next_value_seed(Target(place.insert(T::default())))?;
    Ok(true)
}

/// Declares an [`Object`]: its keys, each with a field, and keys that are known but not needed.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($key:literal => $field:ident: $type:ty,)* } not needed [$($skipped:literal),* $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        #[allow(clippy::struct_field_names, reason = "keys are named by the platform")]
        pub(super) struct $name<'a> {
            $(pub(super) $field: Option<$type>,)*
            /// There is an object, not a value of another type.
            pub(super) there: bool,
            /// Keys that are not known.
            pub(super) unknown: Vec<std::borrow::Cow<'a, str>>,
        }

        impl $name<'_> {
            /// The keys that have a field.
            #[allow(dead_code, reason = "needed where an object has the keys of several")]
            pub(super) const KEYS: &'static [&'static str] = &[$($key),*];
        }

        impl<'de> $crate::read::json::object::Object<'de> for $name<'de> {
            fn take<A: serde::de::MapAccess<'de>>(&mut self, key: &str, values: &mut A) -> Result<bool, A::Error> {
                match key {
                    $($key => $crate::read::json::object::once(&mut self.$field, key, values),)*
                    $($skipped => values.next_value::<$crate::read::json::skip::Skipped>().map(|_| true),)*
                    _ => Ok(false),
                }
            }

            fn begin(&mut self) {
                self.there = true;
            }

            fn unknown(&mut self, key: std::borrow::Cow<'de, str>) {
                self.unknown.push(key);
            }
        }

        impl<'de> $crate::read::json::object::InPlace<'de> for $name<'de> {
            fn read<D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                $crate::read::json::object::read_object(self, deserializer)
            }
        }
    };
}
pub(super) use object;

/// What a value of another type than expected says.
macro_rules! nothing {
    ($($visit:ident($($value:ty)?),)+) => {
        $(fn $visit<E>(self $(, _: $value)?) -> Result<(), E> {
            Ok(())
        })+
    };
    () => {
        $crate::read::json::object::nothing! {
            visit_str(&str), visit_u64(u64), visit_i64(i64), visit_f64(f64), visit_bool(bool), visit_unit(),
        }
    };
}
pub(super) use nothing;

/// Reads an object; a value that is none says nothing.
pub(super) fn read_object<'de, T: Object<'de>, D: Deserializer<'de>>(
    object: &mut T,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_any(ObjectVisitor(object))
}

struct ObjectVisitor<'p, T>(&'p mut T);

impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    nothing! {}

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<Skipped>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.begin();
        while let Some(Key(key)) = entries.next_key()? {
            if !self.0.take(&key, &mut entries)? {
                entries.next_value::<Skipped>()?;
                self.0.unknown(key);
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it holds no escapes.
#[derive(Debug)]
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

/// The items of an array; empty for a value that is none.
#[derive(Debug)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List(Vec::new())
    }
}

/// The items of a list that may not be there.
pub(super) fn items<T>(list: Option<&List<T>>) -> &[T] {
    list.map_or(&[], |list| &list.0)
}

impl<'de, T: InPlace<'de>> InPlace<'de> for List<T> {
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(ListVisitor(&mut self.0))
    }
}

struct ListVisitor<'p, T>(&'p mut Vec<T>);

impl<'de, T: InPlace<'de>> Visitor<'de> for ListVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    nothing! {}

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(NextItem(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while entries.next_entry::<Skipped, Skipped>()?.is_some() {}
        Ok(())
    }
}

/// Where the next item of a list is to be read.
struct NextItem<'p, T>(&'p mut Vec<T>);

impl<'de, T: InPlace<'de>> DeserializeSeed<'de> for NextItem<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        count_item()?;
        if self.0.is_empty() {
            // Mostly it is the only one.
            self.0.reserve_exact(1);
        }
        self.0.push(T::default());
        self.0.last_mut().map_or(Ok(()), |item| item.read(deserializer))
    }
}
