//! Webhooks as they are found on disk: some twice, out of order, many in one body, in several files of several kinds.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::scenario::NUMBERS;
use super::webhook::{Shape, Told};

/// A tenth comes twice, and nothing in its order.
pub(crate) fn untidy(mut told: Vec<Told>, dice: &mut ChaCha8Rng) -> Vec<Told> {
    let twice: Vec<Told> = told.iter().filter(|_| dice.random_bool(0.1)).cloned().collect();
    told.extend(twice);
    told.shuffle(dice);
    told
}

/// Bodies of 1 to 50 things each, as a shape stores them.
pub(crate) fn documents(told: &[Told], shape: Shape, dice: &mut ChaCha8Rng) -> Vec<Value> {
    let mut documents = Vec::new();
    let mut rest = told;
    while !rest.is_empty() {
        let (body, after) = rest.split_at(dice.random_range(1..=50).min(rest.len()));
        documents.extend(stored(&entries(body), shape));
        rest = after;
    }
    documents
}

/// One entry a WABA, one change a number and field.
fn entries(told: &[Told]) -> Vec<Value> {
    let mut changes: BTreeMap<(&str, usize, &str), Value> = BTreeMap::new();
    for one in told {
        let number = NUMBERS[one.number];
        let value = changes.entry((number.waba, one.number, one.field)).or_insert_with(|| {
            let phone = if one.number == 0 { "+1 555-000-1111" } else { number.phone };
            let metadata = json!({ "display_phone_number": phone, "phone_number_id": number.id });
            json!({ "messaging_product": "whatsapp", "metadata": metadata })
        });
        let lists = [Some((one.list, &one.object)), one.contact.as_ref().map(|contact| ("contacts", contact))];
        for (list, object) in lists.into_iter().flatten() {
            let list = value.as_object_mut().expect("a value").entry(list).or_insert_with(|| json!([]));
            list.as_array_mut().expect("a list").push(object.clone());
        }
    }
    let mut entries: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for ((waba, _, field), value) in changes {
        entries.entry(waba).or_default().push(json!({ "field": field, "value": value }));
    }
    entries.into_iter().map(|(waba, changes)| json!({ "id": waba, "changes": changes })).collect()
}

fn stored(entries: &[Value], shape: Shape) -> Vec<Value> {
    let changes = || entries.iter().flat_map(|entry| entry["changes"].as_array().expect("a list").clone());
    match shape {
        Shape::Cloud23 | Shape::Cloud24 => vec![json!({ "object": "whatsapp_business_account", "entry": entries })],
        Shape::Gupshup3 => {
            vec![json!({ "object": "whatsapp_business_account", "gs_app_id": "app-1", "entry": entries })]
        }
        Shape::Sns => entries.iter().map(notification).collect(),
        Shape::Change => changes().collect(),
        Shape::OnPremises => changes().map(|change| bare(change["value"].clone())).collect(),
    }
}

fn notification(entry: &Value) -> Value {
    let inner = json!({ "context": { "MetaWabaIds": [] }, "whatsAppWebhookEntry": entry.to_string() });
    json!({ "Type": "Notification", "MessageId": "n-1", "Message": inner.to_string() })
}

fn bare(mut value: Value) -> Value {
    let object = value.as_object_mut().expect("a value");
    object.remove("metadata");
    object.remove("messaging_product");
    value
}

/// A compressed pretty array, compressed lines, and plain lines; fewer where there is little to tell.
pub(crate) fn in_three_files(documents: &[Value]) -> Vec<(&'static str, Vec<u8>)> {
    let lines = |documents: &[Value]| documents.iter().map(|one| one.to_string() + "\n").collect::<String>();
    let parts = documents.chunks(documents.len().div_ceil(3)).zip(["a.json.gz", "b.jsonl.zst", "c.jsonl"]);
    let file = |(part, name): (&[Value], &'static str)| match name {
        "a.json.gz" => (name, gzip(&serde_json::to_vec_pretty(part).expect("JSON"))),
        "b.jsonl.zst" => (name, zstd::encode_all(lines(part).as_bytes(), 1).expect("compressed")),
        _ => (name, lines(part).into_bytes()),
    };
    parts.map(file).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("compressed")
}
