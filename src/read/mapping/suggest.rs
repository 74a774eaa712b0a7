/// x
#[derive(Debug)] pub struct Suggestion {}
/// x
pub fn suggest() {}
