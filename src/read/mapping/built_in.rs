//! The mappings that are part of the program.

use std::sync::{Arc, LazyLock};

use super::{Mapping, MappingError};

/// Names and texts of the built-in mappings, in the order of the names.
pub const BUILT_IN: [(&str, &str); 14] = [
    ("chatwoot", include_str!("../../../data/mappings/chatwoot.toml")),
    ("clickatell", include_str!("../../../data/mappings/clickatell.toml")),
    ("evolution-api", include_str!("../../../data/mappings/evolution-api.toml")),
    ("frappe_whatsapp", include_str!("../../../data/mappings/frappe_whatsapp.toml")),
    ("glific", include_str!("../../../data/mappings/glific.toml")),
    ("gupshup", include_str!("../../../data/mappings/gupshup.toml")),
    ("infobip", include_str!("../../../data/mappings/infobip.toml")),
    ("rapidpro", include_str!("../../../data/mappings/rapidpro.toml")),
    ("sinch", include_str!("../../../data/mappings/sinch.toml")),
    ("twilio", include_str!("../../../data/mappings/twilio.toml")),
    ("vonage", include_str!("../../../data/mappings/vonage.toml")),
    ("wati", include_str!("../../../data/mappings/wati.toml")),
    ("whatomate", include_str!("../../../data/mappings/whatomate.toml")),
    ("ycloud", include_str!("../../../data/mappings/ycloud.toml")),
];

static MAPPINGS: LazyLock<Result<Vec<Arc<Mapping>>, MappingError>> = LazyLock::new(|| {
    let read = |(name, text): (&str, &str)| Mapping::read(&format!("data/mappings/{name}.toml"), text).map(Arc::new);
    BUILT_IN.into_iter().map(read).collect()
});

/// All of them.
pub(super) fn all_built_in() -> Result<&'static [Arc<Mapping>], MappingError> {
    MAPPINGS.as_deref().map_err(Clone::clone)
}

/// The one of a name.
pub fn built_in(name: &str) -> Result<Option<Arc<Mapping>>, MappingError> {
    Ok(all_built_in()?.iter().find(|mapping| mapping.name == name).cloned())
}
