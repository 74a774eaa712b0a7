//! `summary.json`.

use crate::summarise::Summary;

/// The summary as JSON, in the form of `reports/summary.schema.json`, with a newline at its end.
pub fn summary_json(summary: &Summary) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(summary)?;
    bytes.push(b'\n');
    Ok(bytes)
}
