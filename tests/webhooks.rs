//! Every webhook fixture gives the canonical rows that were written down for it, and rejects, counts and links what it should
//! (tests/fixtures/webhooks/README.md says how).

mod webhooks {
    pub(crate) mod fixture;
    pub(crate) mod table;
}

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials = webhooks::fixture::all()
        .into_iter()
        .map(|fixture| Trial::test(fixture.name.clone(), move || fixture.check().map_err(Into::into)))
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
