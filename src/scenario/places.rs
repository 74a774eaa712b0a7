//! Countries as invented customers live in them: a time zone, and phone numbers that belong to nobody.
//!
//! A range that the country sets aside for fiction is used up first; the rest comes from a block behind a real prefix. Blocks are as
//! wide as large simulations need, so a number of theirs may exist: what is generated is never to be sent to.

use chrono_tz::Tz;

use super::number_pattern::NumberPattern;
use super::values::Zone;

/// A country's zone (of its largest city), its range for fiction if it has one, and its block.
struct Place {
    country: &'static str,
    zone: Tz,
    fiction: &'static str,
    block: &'static str,
}

const fn place(country: &'static str, zone: Tz, fiction: &'static str, block: &'static str) -> Place {
    Place { country, zone, fiction, block }
}

/// Ranges for fiction: Ofcom (GB), NANPA (US, CA), ARCEP (FR), ACMA (AU); the others publish none that fits.
const PLACES: [Place; 48] = [
    place("AE", Tz::Asia__Dubai, "", "97150#######"),
    place("AR", Tz::America__Argentina__Buenos_Aires, "", "54911########"),
    place("AT", Tz::Europe__Vienna, "", "43660########"),
    place("AU", Tz::Australia__Sydney, "614915701##", "6140#######"),
    place("BD", Tz::Asia__Dhaka, "", "88017########"),
    place("BE", Tz::Europe__Brussels, "", "324########"),
    place("BR", Tz::America__Sao_Paulo, "", "55119########"),
    place("CA", Tz::America__Toronto, "141655501##", "1647#######"),
    place("CH", Tz::Europe__Zurich, "", "417########"),
    place("CL", Tz::America__Santiago, "", "569########"),
    place("CO", Tz::America__Bogota, "", "5730########"),
    place("DE", Tz::Europe__Berlin, "", "49151########"),
    place("EG", Tz::Africa__Cairo, "", "2010########"),
    place("ES", Tz::Europe__Madrid, "", "346########"),
    place("FR", Tz::Europe__Paris, "336399801##", "337########"),
    place("GB", Tz::Europe__London, "447700900###", "4479########"),
    place("GH", Tz::Africa__Accra, "", "2332########"),
    place("HK", Tz::Asia__Hong_Kong, "", "8529#######"),
    place("HU", Tz::Europe__Budapest, "", "3620#######"),
    place("ID", Tz::Asia__Jakarta, "", "62812########"),
    place("IL", Tz::Asia__Jerusalem, "", "9725########"),
    place("IN", Tz::Asia__Kolkata, "", "9190########"),
    place("IQ", Tz::Asia__Baghdad, "", "96477########"),
    place("IT", Tz::Europe__Rome, "", "3933########"),
    place("JP", Tz::Asia__Tokyo, "", "8190########"),
    place("KE", Tz::Africa__Nairobi, "", "2547########"),
    place("KW", Tz::Asia__Kuwait, "", "9655#######"),
    place("KZ", Tz::Asia__Almaty, "", "7701#######"),
    place("LK", Tz::Asia__Colombo, "", "9477#######"),
    place("MA", Tz::Africa__Casablanca, "", "2126########"),
    place("MX", Tz::America__Mexico_City, "", "5255########"),
    place("MY", Tz::Asia__Kuala_Lumpur, "", "601########"),
    place("NG", Tz::Africa__Lagos, "", "23480########"),
    place("NL", Tz::Europe__Amsterdam, "", "316########"),
    place("PE", Tz::America__Lima, "", "519########"),
    place("PH", Tz::Asia__Manila, "", "639########"),
    place("PK", Tz::Asia__Karachi, "", "9230########"),
    place("PL", Tz::Europe__Warsaw, "", "485########"),
    place("PT", Tz::Europe__Lisbon, "", "3519########"),
    place("RO", Tz::Europe__Bucharest, "", "407########"),
    place("SA", Tz::Asia__Riyadh, "", "9665########"),
    place("SG", Tz::Asia__Singapore, "", "659#######"),
    place("TH", Tz::Asia__Bangkok, "", "668########"),
    place("TR", Tz::Europe__Istanbul, "", "905########"),
    place("UA", Tz::Europe__Kyiv, "", "3806########"),
    place("US", Tz::America__New_York, "121255501##", "1646#######"),
    place("VN", Tz::Asia__Ho_Chi_Minh, "", "849########"),
    place("ZA", Tz::Africa__Johannesburg, "", "2772#######"),
];

/// What is used of a country when nothing is said.
#[derive(Debug)]
pub(super) struct Usual {
    pub(super) zone: Zone,
    /// The range for fiction, if there is one.
    pub(super) fiction: Option<NumberPattern>,
    pub(super) block: NumberPattern,
}

/// The usual zone and numbers of a country, if it is known here.
pub(super) fn usual(country: &str) -> Option<Usual> {
    let place = PLACES.iter().find(|place| place.country == country)?;
    let fiction = (!place.fiction.is_empty()).then(|| NumberPattern::of(place.fiction));
    Some(Usual { zone: Zone(place.zone), fiction, block: NumberPattern::of(place.block) })
}

/// All countries that are known here.
pub(super) fn countries() -> String {
    PLACES.map(|place| place.country).join(", ")
}
