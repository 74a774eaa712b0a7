//! What is put in the place of a value.

/// A value as it is written in JSON, and whether a document that holds it is one.
pub(crate) struct Put {
    pub(crate) name: &'static str,
    pub(crate) json: Vec<u8>,
    pub(crate) is_json: bool,
}

/// Sound values of every type and size.
const SOUND: [(&str, &str); 17] = [
    ("null", "null"),
    ("true", "true"),
    ("false", "false"),
    ("zero", "0"),
    ("negative", "-1"),
    ("fraction", "1.5"),
    ("huge number", "123456789012345678901234567890"),
    ("huge exponent", "1e300"),
    ("empty text", "\"\""),
    ("text", "\"x\""),
    ("escapes", "\"\\u0000\\uD83D\\uDE00\\\\\\\"\\n\""),
    ("JSON in a text", "\"{\\\"entry\\\":[{\\\"changes\\\":[]}]}\""),
    ("broken JSON in a text", "\"{\\\"entry\\\":[\""),
    ("empty list", "[]"),
    ("list", "[[],{},null,1,\"x\"]"),
    ("empty object", "{}"),
    ("object", "{\"id\":{\"id\":[]},\"messages\":{},\"entry\":0}"),
];

/// What is no JSON.
const UNSOUND: [(&str, &[u8]); 8] = [
    ("infinite", b"1e400"),
    ("NaN", b"NaN"),
    ("Infinity", b"-Infinity"),
    ("bare word", b"nonsense"),
    ("no UTF-8", b"\"\xff\xfe\""),
    ("half a character", b"\"\xf0\x9f\x98\""),
    ("half a surrogate pair", b"\"\\ud83d\""),
    ("raw control character", b"\"\x01\""),
];

fn nested(depth: usize) -> Vec<u8> {
    [b"[".repeat(depth), b"]".repeat(depth)].concat()
}

pub(crate) fn all() -> Vec<Put> {
    let sound = SOUND.map(|(name, json)| Put { name, json: json.into(), is_json: true });
    let unsound = UNSOUND.map(|(name, json)| Put { name, json: json.to_vec(), is_json: false });
    let deep = b"{\"a\":".repeat(200);
    let made = [
        Put { name: "nested 200 deep", json: nested(200), is_json: false },
        Put { name: "objects 200 deep", json: [deep, b"0".to_vec(), b"}".repeat(200)].concat(), is_json: false },
        Put { name: "nested 40 deep", json: nested(40), is_json: true },
    ];
    sound.into_iter().chain(unsound).chain(made).collect()
}

/// A text of a hundred thousand bytes.
pub(crate) fn long() -> Put {
    Put { name: "long text", json: format!("\"{}\"", "y".repeat(100_000)).into_bytes(), is_json: true }
}

/// Texts that displays trip over: emoji, right to left, zero width, combining, beyond the basic plane.
pub(crate) const UNICODE: [&str; 7] = [
    "👩‍👩‍👧‍👦🇧🇷",
    "مرحبا \u{202e}بالعالم\u{202c}",
    "שלום",
    "a\u{200b}\u{200d}\u{feff}b",
    "e\u{301}\u{328}\u{489}",
    "𐍈𝒳",
    "\u{fffd}\u{ffff}\u{10ffff}x",
];
