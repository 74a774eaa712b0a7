//! A parser for objects in text, as `serde` asks for one. It takes what is plain and refuses all else: who asks hands that to `serde_json`,
//! which accepts it or says what is wrong. So it need neither explain nor know the rare.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Objects and arrays within each other; `serde_json` has its own, larger limit.
const MOST_LEVELS: u8 = 64;

/// Where in a text a parser is.
#[derive(Debug)]
pub(super) struct Cursor<'de> {
    text: &'de str,
    at: usize,
    levels: u8,
}

/// The document is not plain enough.
#[derive(Debug)]
pub(super) struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for NotPlain {}

impl serde::de::Error for NotPlain {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> NotPlain {
        NotPlain
    }
}

/// The object that a text starts with, and its length.
pub(super) fn plain_object<'de, T: serde::Deserialize<'de>>(text: &'de str) -> Option<(T, usize)> {
    let mut cursor = Cursor { text, at: 0, levels: 0 };
    if cursor.next_byte() != Some(b'{') {
        return None;
    }
    let object = T::deserialize(&mut cursor).ok()?;
    Some((object, cursor.at))
}

impl<'de> Cursor<'de> {
    /// The next byte that is no white space.
    #[inline]
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.at)?;
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Passes a byte.
    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), NotPlain> {
        let found = self.next_byte() == Some(byte);
        self.at += 1;
        found.then_some(()).ok_or(NotPlain)
    }

    /// Goes to the next item of an object or array; false at its end.
    #[inline]
    fn next_item(&mut self, first: bool, end: u8) -> Result<bool, NotPlain> {
        let next = self.next_byte();
        if next == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// A string, at its first quote.
    #[inline]
    fn string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, NotPlain> {
        let start = self.at + 1;
        let end = start + plain_length(&self.text.as_bytes()[start..]);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return self.escaped(end, visitor);
        }
        self.at = end + 1;
        visitor.visit_borrowed_str(&self.text[start..end])
    }

    /// A string that has an escape.
    #[cold]
    fn escaped<V: Visitor<'de>>(&mut self, mut end: usize, visitor: V) -> Result<V::Value, NotPlain> {
        let bytes = self.text.as_bytes();
        while bytes.get(end) == Some(&b'\\') {
            let after = bytes.get(end + 2..).ok_or(NotPlain)?;
            end += 2 + plain_length(after);
        }
        let string = self.text.get(self.at..=end).ok_or(NotPlain)?;
        let string: String = serde_json::from_str(string).map_err(|_| NotPlain)?;
        self.at = end + 1;
        visitor.visit_string(string)
    }

    /// A number, `true`, `false` or `null`.
    fn word<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, NotPlain> {
        let rest = &self.text[self.at..];
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.bytes().position(|byte| !is_part(byte)).ok_or(NotPlain)?;
        self.at += length;
        match &rest[..length] {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "null" => visitor.visit_unit(),
            number => {
                let number: serde_json::Number = serde_json::from_str(number).map_err(|_| NotPlain)?;
                number.deserialize_any(visitor).map_err(|_| NotPlain)
            }
        }
    }
}

/// The low bit of each byte of a word.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// Bytes before the first quote, backslash or control character, eight at a time.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let ends = ends(u64::from_le_bytes(*word));
        if ends != 0 {
            return at * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().take_while(|byte| plain(byte)).count()
}

/// The high bit of each byte that ends what is plain; bytes above the first may be marked in error.
#[inline]
fn ends(word: u64) -> u64 {
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let quote = word ^ (ONES * u64::from(b'"'));
    let backslash = word ^ (ONES * u64::from(b'\\'));
    (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & (ONES << 7)
}

impl<'de> Deserializer<'de> for &mut Cursor<'de> {
    type Error = NotPlain;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.next_byte() {
            Some(b'"') => self.string(visitor),
            Some(b'{') => within(self, b'}', |items| visitor.visit_map(items)),
            Some(b'[') => within(self, b']', |items| visitor.visit_seq(items)),
            Some(_) => self.word(visitor),
            None => Err(NotPlain),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What is within an object or array.
struct Items<'c, 'de> {
    cursor: &'c mut Cursor<'de>,
    first: bool,
    end: u8,
    ended: bool,
}

#[inline]
fn within<'de, T>(
    cursor: &mut Cursor<'de>,
    end: u8,
    visit: impl FnOnce(&mut Items<'_, 'de>) -> Result<T, NotPlain>,
) -> Result<T, NotPlain> {
    cursor.at += 1;
    cursor.levels += 1;
    if cursor.levels > MOST_LEVELS {
        return Err(NotPlain);
    }
    let mut items = Items { cursor, first: true, end, ended: false };
    let made = visit(&mut items)?;
    let ended = items.ended;
    cursor.levels -= 1;
    if ended { Ok(made) } else { Err(NotPlain) }
}

impl Items<'_, '_> {
    #[inline]
    fn next(&mut self) -> Result<bool, NotPlain> {
        let more = self.cursor.next_item(self.first, self.end)?;
        (self.first, self.ended) = (false, !more);
        Ok(more)
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = NotPlain;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NotPlain> {
        if self.next()? { seed.deserialize(&mut *self.cursor).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = NotPlain;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NotPlain> {
        if !self.next()? {
            return Ok(None);
        }
        if self.cursor.next_byte() != Some(b'"') {
            return Err(NotPlain);
        }
        seed.deserialize(&mut *self.cursor).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NotPlain> {
        self.cursor.expect(b':')?;
        seed.deserialize(&mut *self.cursor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// What `serde_json` makes of the object that a text starts with.
    fn expected(text: &str) -> Option<(Value, usize)> {
        let mut parser = serde_json::Deserializer::from_str(text).into_iter();
        let value = parser.next()?.ok()?;
        Some((value, parser.byte_offset()))
    }

    fn nested(levels: usize) -> String {
        format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels))
    }

    #[test]
    fn plain_objects_are_taken() {
        for text in [
            "{}",
            "{ } x",
            "{\"a\":1}{\"b\":2}",
            " \r\n\t{ \"a\" : [ 1 , -2 , 0.5 , 1e3 , -0 , 18446744073709551616 ] , \"b\" : { } }\n",
            "{\"a\":[true,false,null,[],[[]],{}],\"a\":\"again\"}",
            "{\"\u{fc}ber\":\"\u{1f600} and \u{5d0}\",\"12345678\":\"1234567\\\"\",\"\\\\\":\"\\u00e9\\ud83d\\ude00\\/\"}",
            &nested(usize::from(MOST_LEVELS)),
        ] {
            assert_eq!(plain_object::<Value>(text), expected(text), "{text}");
            assert!(expected(text).is_some(), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        let deep = nested(usize::from(MOST_LEVELS) + 1);
        for text in [
            "",
            " ",
            "1",
            "[{}]",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{,}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{\"a\"::1}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "{1:1}",
            "{\"a\":}",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":1e}",
            "{\"a\":NaN}",
            "{\"a\":-}",
            "{\"a\":1e999}",
            "{\"a\":tru}",
            "{\"a\":truer}",
            "{\"a\":[1,]}",
            "{\"a\":[,1]}",
            "{\"a\":[1 2]}",
            "{\"a\":[1}",
            "{\"a\":\"}",
            "{\"a\":\"\\\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"12345678\u{1}\"}",
            "{\"a\":\"\\n\u{1a}\"}",
            "\u{feff}{}",
            "{\u{a0}}",
            "{\"a\":1]",
            "{\"a\":[1}]",
            &deep,
        ] {
            assert_eq!(plain_object::<Value>(text), None, "{text}");
            assert!(text == deep || expected(text).is_none() || !text.starts_with('{'), "{text}");
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1000..1000_i32).prop_map(|thousandths| Value::from(f64::from(thousandths))),
            "\\PC{0,20}".prop_map(Value::from),
            "[\"\\\\/\u{1}\u{7f}\u{80}\u{1f600}a-z]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[\"\\\\a-c\u{e9}]{0,9}", inner, 0..5).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_object_is_read_as_serde_json_reads_it(value in values(), pretty: bool) {
            let value = json!({ "a": value });
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(plain_object::<Value>(&text), Some((value, text.len())));
        }

        #[test]
        fn what_is_taken_of_damaged_text_is_right(value in values(), at: prop::sample::Index, put in "[\"\\\\{}\\[\\],:0e.n \u{1}]?", cut: bool) {
            let mut text = json!({ "a": value, "b": [value] }).to_string();
            let at = text.floor_char_boundary(at.index(text.len()));
            let next = text.ceil_char_boundary(at + usize::from(cut));
            text.replace_range(at..next, &put);
            if let Some(taken) = plain_object::<Value>(&text) {
                prop_assert_eq!(Some(taken), expected(&text));
            }
        }
    }
}
